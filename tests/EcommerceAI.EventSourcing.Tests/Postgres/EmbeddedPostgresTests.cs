using EcommerceAI.EventSourcing.Postgres;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Postgres;

/// <summary>The private cluster against the machine's real PostgreSQL, with the kills and leftovers that a shop's machine brings.</summary>
public sealed class EmbeddedPostgresTests
{
    [Fact]
    public async Task A_new_directory_becomes_a_durable_utf8_cluster_with_checksums()
    {
        using var directory = new ClusterDirectory();
        await using var postgres = await directory.StartAsync();

        postgres.WasRunning.ShouldBeFalse();
        (await SettingAsync(postgres, "server_encoding")).ShouldBe("UTF8");
        (await SettingAsync(postgres, "lc_collate")).ShouldBe("C");
        (await SettingAsync(postgres, "data_checksums")).ShouldBe("on");
        (await SettingAsync(postgres, "fsync")).ShouldBe("on");
        (await SettingAsync(postgres, "synchronous_commit")).ShouldBe("on");
        (await SettingAsync(postgres, "listen_addresses")).ShouldBe("");
        (await SettingAsync(postgres, "max_connections")).ShouldBe("300");
    }

    [Fact]
    public async Task A_setting_of_the_caller_wins_over_ours()
    {
        using var directory = new ClusterDirectory();
        await using var postgres = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions
        {
            DataDirectory = directory.DataDirectory,
            Settings = new Dictionary<string, string> { ["max_connections"] = "33", ["log_line_prefix"] = "it's %p " },
        });

        (await SettingAsync(postgres, "max_connections")).ShouldBe("33");
        (await SettingAsync(postgres, "log_line_prefix")).ShouldBe("it's %p ");
    }

    [Fact]
    public async Task The_server_never_runs_as_root()
    {
        using var directory = new ClusterDirectory();
        await using var postgres = await directory.StartAsync();

        var uid = File.ReadLines($"/proc/{directory.ServerProcessId}/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        var capabilities = File.ReadLines($"/proc/{directory.ServerProcessId}/status").First(line => line.StartsWith("CapEff:", StringComparison.Ordinal));

        uid.Split('\t')[1].ShouldNotBe("0");
        capabilities.Split('\t')[1].Trim('0').ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_committed_is_there_after_a_stop_and_a_start()
    {
        using var directory = new ClusterDirectory();
        await using (var first = await directory.StartAsync())
            await ClusterDirectory.ScalarAsync(first, "CREATE TABLE kept AS SELECT 42 AS answer");
        directory.IsRunning.ShouldBeFalse();

        await using var second = await directory.StartAsync();

        (await ClusterDirectory.ScalarAsync(second, "SELECT answer FROM kept")).ShouldBe(42);
    }

    [Fact]
    public async Task The_second_user_attaches_and_only_the_last_one_out_stops_the_server()
    {
        using var directory = new ClusterDirectory();
        var first = await directory.StartAsync();
        var second = await directory.StartAsync();
        second.WasRunning.ShouldBeTrue();
        second.SocketDirectory.ShouldBe(first.SocketDirectory);

        await first.DisposeAsync();
        (await ClusterDirectory.ScalarAsync(second, "SELECT 1")).ShouldBe(1);

        await second.DisposeAsync();
        directory.IsRunning.ShouldBeFalse();
        Directory.Exists(second.SocketDirectory).ShouldBeFalse();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task Another_process_that_uses_the_cluster_keeps_it_running_until_it_dies()
    {
        using var directory = new ClusterDirectory();
        var ours = await directory.StartAsync();
        using var other = await directory.StartOtherUserAsync();

        await ours.DisposeAsync();
        directory.IsRunning.ShouldBeTrue();

        await ClusterDirectory.EndAsync(other);
        await using (var next = await directory.StartAsync())
            next.WasRunning.ShouldBeTrue();
        directory.IsRunning.ShouldBeFalse();
    }

    [Fact]
    public async Task Many_starts_and_stops_at_once_end_with_one_server_or_none()
    {
        using var directory = new ClusterDirectory();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            await using var postgres = await directory.StartAsync();
            (await ClusterDirectory.ScalarAsync(postgres, "SELECT 1")).ShouldBe(1);
        }));

        directory.IsRunning.ShouldBeFalse();
    }

    [Fact]
    public async Task A_database_is_created_once_however_many_ask()
    {
        using var directory = new ClusterDirectory();
        await using var postgres = await directory.StartAsync();

        var created = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => postgres.CreateDatabaseIfMissingAsync("the \"store\"")));

        created.Count(isNew => isNew).ShouldBe(1);
        (await ClusterDirectory.ScalarAsync(postgres, "SELECT current_database()", "the \"store\"")).ShouldBe("the \"store\"");
    }

    [Fact]
    public async Task A_data_path_longer_than_a_socket_path_may_be_is_no_obstacle()
    {
        using var directory = new ClusterDirectory(string.Join('/', Enumerable.Repeat("a-rather-long-directory-name", 8)) + "/it's \"here\"");
        await using var postgres = await directory.StartAsync();

        directory.DataDirectory.Length.ShouldBeGreaterThan(200);
        (await ClusterDirectory.ScalarAsync(postgres, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_cluster_reached_through_a_link_is_the_same_cluster()
    {
        using var directory = new ClusterDirectory();
        await using var first = await directory.StartAsync();
        var link = Path.Combine(directory.Root, "link");
        Directory.CreateSymbolicLink(link, directory.DataDirectory);

        await using var second = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = link + "/" });

        second.WasRunning.ShouldBeTrue();
        second.DataDirectory.ShouldBe(directory.DataDirectory);
    }

    private static async Task<object?> SettingAsync(EmbeddedPostgres postgres, string name) =>
        await ClusterDirectory.ScalarAsync(postgres, $"SELECT current_setting('{name}')");
}
