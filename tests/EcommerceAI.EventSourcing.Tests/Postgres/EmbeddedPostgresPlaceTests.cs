using EcommerceAI.EventSourcing.Postgres;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Postgres;

/// <summary>Where the cluster may lie, whose it is, and which PostgreSQL runs it.</summary>
public sealed class EmbeddedPostgresPlaceTests
{
    [RootFact]
    public async Task A_checkout_that_only_root_can_enter_works_and_lends_the_server_none_of_roots_powers()
    {
        using var directory = new ClusterDirectory();
        ClusterDirectory.Run("chmod", "700", directory.Root);

        await using (var first = await directory.StartAsync())
        {
            await ClusterDirectory.ScalarAsync(first, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id");
            var status = await File.ReadAllTextAsync($"/proc/{directory.ServerProcessId}/status");
            status.ShouldContain("CapEff:\t0000000000000000");
            await using var second = await directory.StartAsync();
            second.WasRunning.ShouldBeTrue();
            await directory.KillServerAsync();
        }

        await using var third = await directory.StartAsync();
        (await ClusterDirectory.ScalarAsync(third, "SELECT count(*) FROM kept")).ShouldBe(1000L);
    }

    [RootFact]
    public async Task In_another_users_checkout_root_runs_the_server_as_that_user()
    {
        using var directory = new ClusterDirectory(".data/postgres");
        Chown("nobody", directory.Root);

        await using var postgres = await directory.StartAsync();

        Owner(directory.DataDirectory).ShouldBe("nobody");
        Owner(directory.DataDirectory + ".users").ShouldBe("nobody");
        Owner(Path.GetDirectoryName(directory.DataDirectory)!).ShouldBe("nobody");
        Owner($"/proc/{directory.ServerProcessId}").ShouldBe("nobody");
    }

    [RootFact]
    public async Task A_cluster_that_was_copied_by_root_is_given_back_to_an_ordinary_user()
    {
        using var directory = new ClusterDirectory();
        await using (var first = await directory.StartAsync())
            await ClusterDirectory.ScalarAsync(first, "CREATE TABLE kept AS SELECT 7 AS answer");
        Chown("root", directory.DataDirectory);

        await using var second = await directory.StartAsync();

        (await ClusterDirectory.ScalarAsync(second, "SELECT answer FROM kept")).ShouldBe(7);
    }

    [RootFact]
    public async Task A_socket_directory_that_somebody_else_has_put_there_is_refused()
    {
        using var directory = new ClusterDirectory();
        string socket;
        await using (var first = await directory.StartAsync())
            socket = first.SocketDirectory;
        ClusterDirectory.Run("mkdir", "-m", "700", socket);
        Chown("nobody", socket);

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(directory.StartAsync);

        error.Message.ShouldContain(socket);
        Directory.Delete(socket);
    }

    [Fact]
    public async Task A_directory_that_holds_something_else_is_left_alone()
    {
        using var directory = new ClusterDirectory();
        Directory.CreateDirectory(directory.DataDirectory);
        await File.WriteAllTextAsync(Path.Combine(directory.DataDirectory, "holiday.txt"), "photos");

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(directory.StartAsync);

        error.Message.ShouldContain("is not empty");
        Directory.GetFiles(directory.DataDirectory).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_directory_without_binaries_is_answered_with_what_to_install()
    {
        using var directory = new ClusterDirectory();

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions
        {
            DataDirectory = directory.DataDirectory,
            BinaryDirectory = directory.Root,
        }));

        error.Message.ShouldContain("apt-get install postgresql");
        error.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Of_several_installations_the_newest_runs_a_new_cluster_and_the_matching_one_an_old()
    {
        EmbeddedPostgresBinaries[] found = [new("/a", 15), new("/b", 17), new("/c", 16)];

        EmbeddedPostgresBinaries.Choose(found, clusterMajor: null).Directory.ShouldBe("/b");
        EmbeddedPostgresBinaries.Choose(found, clusterMajor: 16).Directory.ShouldBe("/c");
        Should.Throw<EmbeddedPostgresException>(() => EmbeddedPostgresBinaries.Choose(found, clusterMajor: 14))
            .Message.ShouldContain("made by PostgreSQL 14, but this machine has 15, 16, 17");
        Should.Throw<EmbeddedPostgresException>(() => EmbeddedPostgresBinaries.Choose([new("/a", 12)], clusterMajor: null))
            .Message.ShouldContain("14 or newer");
        Should.Throw<EmbeddedPostgresException>(() => EmbeddedPostgresBinaries.Choose([], clusterMajor: null))
            .Message.ShouldContain("apt-get install postgresql");
    }

    private static void Chown(string user, string path) => ClusterDirectory.Run("chown", "-R", user, path);

    private static string Owner(string path) => ClusterDirectory.Run("stat", "-c", "%U", path);

    /// <summary>Runs where the tests run as root, and is skipped by name elsewhere: an ordinary user cannot make these situations.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class RootFactAttribute : FactAttribute
    {
        public RootFactAttribute()
        {
            if (!Environment.IsPrivilegedProcess)
                Skip = "needs root: it is about root handing the server to an ordinary user";
        }
    }
}
