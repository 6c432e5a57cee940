using EcommerceAI.EventSourcing.Postgres;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Postgres;

/// <summary>With which of a machine's installations a cluster runs, and when it is carried over to a newer one.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ecommerceai-upgrade-");

    [Fact]
    public void A_cluster_is_carried_over_to_the_newest_where_both_versions_are_there()
    {
        var (run, from) = EmbeddedPostgresUpgrade.Decide([Programs(15), Programs(17), Programs(16)], ClusterOf(15));
        run.Major.ShouldBe(17);
        from!.Major.ShouldBe(15);
    }

    [Fact]
    public void A_cluster_of_the_newest_version_runs_as_it_is()
    {
        var (run, from) = EmbeddedPostgresUpgrade.Decide([Programs(15), Programs(17)], ClusterOf(17));
        (run.Major, from).ShouldBe((17, null));
    }

    [Fact]
    public void Without_pg_upgrade_the_cluster_goes_on_with_its_own_version()
    {
        var (run, from) = EmbeddedPostgresUpgrade.Decide([Programs(15), Programs(17, hasUpgrade: false)], ClusterOf(15));
        (run.Major, from).ShouldBe((15, null));
    }

    [Fact]
    public void Where_only_a_newer_version_is_there_one_line_says_which_package_to_install()
    {
        var error = Should.Throw<EmbeddedPostgresException>(() => EmbeddedPostgresUpgrade.Decide([Programs(17)], ClusterOf(15)));
        error.Message.ShouldContain("install postgresql-15");
        error.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Where_only_an_older_version_is_there_one_line_says_which_one_made_the_cluster() =>
        Should.Throw<EmbeddedPostgresException>(() => EmbeddedPostgresUpgrade.Decide([Programs(15)], ClusterOf(17))).Message.ShouldContain("made by PostgreSQL 17");

    public void Dispose() => _root.Delete(recursive: true);

    /// <summary>The version that a real file names.</summary>
    private int ClusterOf(int major)
    {
        File.WriteAllText(Path.Combine(_root.FullName, "PG_VERSION"), $"{major}\n");
        return EmbeddedPostgresCluster.MajorOf(_root.FullName)!.Value;
    }

    private EmbeddedPostgresBinaries Programs(int major, bool hasUpgrade = true)
    {
        var directory = _root.CreateSubdirectory($"bin{major}").FullName;
        if (hasUpgrade) File.WriteAllText(Path.Combine(directory, "pg_upgrade"), "");
        return new EmbeddedPostgresBinaries(directory, major);
    }
}
