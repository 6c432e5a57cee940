using System.Diagnostics;
using System.Globalization;
using EcommerceAI.EventSourcing.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Postgres;

/// <summary>What a crash leaves behind never needs a hand.</summary>
public sealed class EmbeddedPostgresRecoveryTests
{
    [Fact]
    public async Task A_killed_server_is_recovered_by_the_next_start_with_every_committed_row()
    {
        using var directory = new ClusterDirectory();
        var first = await directory.StartAsync();
        await ClusterDirectory.ScalarAsync(first, "CREATE TABLE kept (id int PRIMARY KEY)");
        for (var id = 0; id < 100; id++)
            await ClusterDirectory.ScalarAsync(first, $"INSERT INTO kept VALUES ({id.ToString(CultureInfo.InvariantCulture)})");

        await directory.KillServerAsync();
        await using var second = await directory.StartAsync();

        second.WasRunning.ShouldBeFalse();
        (await ClusterDirectory.ScalarAsync(second, "SELECT count(*) FROM kept")).ShouldBe(100L);
        await first.DisposeAsync();
        (await ClusterDirectory.ScalarAsync(second, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_session_deep_in_a_query_does_not_block_the_start_after_a_kill()
    {
        using var directory = new ClusterDirectory();
        var first = await directory.StartAsync();
        await using var session = new NpgsqlConnection(first.ConnectionString("postgres") + ";Pooling=false");
        await session.OpenAsync();
        await using var endless = new NpgsqlCommand("SELECT count(*) FROM generate_series(1, 1000000000000)", session) { CommandTimeout = 0 };
        var query = endless.ExecuteScalarAsync();

        await directory.KillServerAsync();
        await using (var second = await directory.StartAsync())
            (await ClusterDirectory.ScalarAsync(second, "SELECT 1")).ShouldBe(1);

        await Should.ThrowAsync<NpgsqlException>(() => query);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_pid_file_whose_number_now_belongs_to_another_process_is_seen_through()
    {
        using var directory = new ClusterDirectory();
        await using (var first = await directory.StartAsync())
            await ClusterDirectory.ScalarAsync(first, "CREATE TABLE kept AS SELECT 1");
        using var stranger = Process.Start("sleep", "600");
        await WritePidFileAsync(directory, stranger.Id);

        await using var second = await directory.StartAsync();

        second.WasRunning.ShouldBeFalse();
        stranger.HasExited.ShouldBeFalse();
        stranger.Kill();
    }

    [Fact]
    public async Task A_pid_file_of_a_server_elsewhere_is_seen_through()
    {
        using var elsewhere = new ClusterDirectory();
        await using var other = await elsewhere.StartAsync();
        using var directory = new ClusterDirectory();
        await using (await directory.StartAsync())
            directory.IsRunning.ShouldBeTrue();
        await WritePidFileAsync(directory, elsewhere.ServerProcessId);

        await using var postgres = await directory.StartAsync();

        postgres.SocketDirectory.ShouldNotBe(other.SocketDirectory);
        directory.ServerProcessId.ShouldNotBe(elsewhere.ServerProcessId);
        elsewhere.IsRunning.ShouldBeTrue();
    }

    [Fact]
    public async Task A_socket_left_by_a_killed_server_is_replaced()
    {
        using var directory = new ClusterDirectory();
        var first = await directory.StartAsync();
        await directory.KillServerAsync();
        File.Exists(Path.Combine(first.SocketDirectory, ".s.PGSQL.5432")).ShouldBeTrue();
        File.Delete(Path.Combine(directory.DataDirectory, "postmaster.pid"));

        await using var second = await directory.StartAsync();

        (await ClusterDirectory.ScalarAsync(second, "SELECT 1")).ShouldBe(1);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_running_server_whose_socket_was_swept_away_is_restarted_if_nobody_else_uses_it()
    {
        using var directory = new ClusterDirectory();
        var first = await directory.StartAsync();
        var processId = directory.ServerProcessId;
        using var other = await directory.StartOtherUserAsync();
        await first.DisposeAsync();
        Directory.Delete(first.SocketDirectory, recursive: true);

        var refused = await Should.ThrowAsync<EmbeddedPostgresException>(directory.StartAsync);
        refused.Message.ShouldContain("does not answer");
        await ClusterDirectory.EndAsync(other);
        await using var second = await directory.StartAsync();

        directory.ServerProcessId.ShouldNotBe(processId);
        (await ClusterDirectory.ScalarAsync(second, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task An_initdb_killed_half_way_is_done_again()
    {
        using var directory = new ClusterDirectory();
        Directory.CreateDirectory(directory.DataDirectory + ".new/base");
        await File.WriteAllTextAsync(directory.DataDirectory + ".new/PG_VERSION", "15\n");

        await using var postgres = await directory.StartAsync();

        (await ClusterDirectory.ScalarAsync(postgres, "SELECT 1")).ShouldBe(1);
        Directory.Exists(directory.DataDirectory + ".new").ShouldBeFalse();
    }

    [Fact]
    public async Task A_start_that_fails_carries_the_servers_own_words_and_leaves_the_next_one_free()
    {
        using var directory = new ClusterDirectory();
        var broken = new EmbeddedPostgresOptions
        {
            DataDirectory = directory.DataDirectory,
            Settings = new Dictionary<string, string> { ["shared_buffers"] = "many" },
        };

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.StartAsync(broken));
        error.Message.ShouldContain("shared_buffers");

        await using var postgres = await directory.StartAsync();
        (await ClusterDirectory.ScalarAsync(postgres, "SELECT 1")).ShouldBe(1);
    }

    private static async Task WritePidFileAsync(ClusterDirectory directory, int processId) =>
        await File.WriteAllLinesAsync(
            Path.Combine(directory.DataDirectory, "postmaster.pid"),
            [processId.ToString(CultureInfo.InvariantCulture), directory.DataDirectory, "1700000000", "5432", "/nowhere", "", "1 1", "ready   "]);
}
