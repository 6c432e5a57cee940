using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Store;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Postgres;

/// <summary>A cluster whose machine has got a newer PostgreSQL.</summary>
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

    [SecondPostgresFact]
    public async Task A_store_made_by_an_older_PostgreSQL_holds_every_event_after_the_start_with_a_newer_one_and_takes_more()
    {
        using var directory = new ClusterDirectory();
        var older = SecondPostgresFactAttribute.Directory!;
        await using (var old = await StartAsync(directory, older))
        {
            await old.CreateDatabaseIfMissingAsync("ecommerce");
            await ClusterDirectory.ScalarAsync(
                old, "create schema events; create table events.kept as select n, jsonb_build_object('by', n) as data from generate_series(1, 1000) n", "ecommerce");
        }

        var newer = Path.GetDirectoryName(ClusterDirectory.Run("sh", "-c", "ls /usr/lib/postgresql/*/bin/pg_upgrade | sort -V | tail -n 1"))!;
        await using var server = await StartAsync(directory, $"{older}:{newer}");
        (await ClusterDirectory.ScalarAsync(server, "select sum((data ->> 'by')::int) from events.kept", "ecommerce")).ShouldBe(500_500L);
        await using var database = await TestDatabase.AttachAsync(server.ConnectionString("ecommerce"));
        (await database.Store.AppendAsync("s", ExpectedVersion.NoStream, [new Counted()])).ShouldBeOfType<AppendResult.Appended>();
        Directory.EnumerateDirectories(directory.Root, "postgres.pg*").ShouldHaveSingleItem();
        Directory.Exists(directory.DataDirectory + ".upgrading").ShouldBeFalse();
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static Task<EmbeddedPostgres> StartAsync(ClusterDirectory directory, string programs) =>
        EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = directory.DataDirectory, BinaryDirectory = programs });

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

/// <summary>A test that needs a second, older PostgreSQL; <c>ECOMMERCEAI_TEST_OLD_PG_BIN</c> names its programs' directory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SecondPostgresFactAttribute : FactAttribute
{
    private const string Variable = "ECOMMERCEAI_TEST_OLD_PG_BIN";

    public SecondPostgresFactAttribute()
    {
        if (Directory is null) Skip = $"needs a second PostgreSQL: set {Variable} to the directory of an older initdb";
    }

    public static string? Directory { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : null;
}
