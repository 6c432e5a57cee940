using System.Diagnostics;
using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Store;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Postgres;

/// <summary>A filled cluster of an older PostgreSQL, after the machine has got a newer one.</summary>
public sealed class CarryOverUpgradeTests
{
    private const string Database = "ecommerce";
    private const string Sum = "select sum((data ->> 'by')::int) from events.kept";

    [SecondPostgresFact]
    public async Task Everything_is_there_with_settings_and_statistics_and_the_old_cluster_is_kept_aside()
    {
        using var directory = new ClusterDirectory();
        await FillAsync(directory);
        await File.WriteAllTextAsync(Path.Combine(directory.DataDirectory, "custom.conf"), "max_connections = 77\n");
        await using var server = await SecondPostgres.StartNewerAsync(directory.DataDirectory);

        await RequireAllAsync(directory, server);
        (await ClusterDirectory.ScalarAsync(server, "show max_connections")).ShouldBe("77");
        (await ClusterDirectory.ScalarAsync(server, "show deadlock_timeout")).ShouldBe("1234ms");
        var aside = Directory.EnumerateDirectories(directory.Root, "postgres.pg*").ShouldHaveSingleItem();
        EmbeddedPostgresCluster.MajorOf(aside)!.Value.ShouldBeLessThan(EmbeddedPostgresCluster.MajorOf(directory.DataDirectory)!.Value);
        await using var database = await TestDatabase.AttachAsync(server.ConnectionString(Database));
        (await database.Store.AppendAsync("s", ExpectedVersion.NoStream, [new Counted()])).ShouldBeOfType<AppendResult.Appended>();
    }

    [SecondPostgresFact]
    public async Task A_cluster_whose_server_was_killed_and_whose_folder_only_root_can_enter_is_carried_over_too()
    {
        using var directory = new ClusterDirectory();
        await using (var server = await SecondPostgres.StartOlderAsync(directory.DataDirectory))
        {
            await FillAsync(server);
            await directory.KillServerAsync();
        }

        ClusterDirectory.Run("chmod", "700", directory.Root);
        await using var newer = await SecondPostgres.StartNewerAsync(directory.DataDirectory);
        await RequireAllAsync(directory, newer);
    }

    [SecondPostgresTheory]
    [InlineData("postgres/postmaster.pid")]
    [InlineData("postgres.upgrading.new/PG_VERSION")]
    [InlineData("postgres.upgrading/PG_VERSION")]
    [InlineData("postgres.upgrading/pg_upgrade_output.d")]
    [InlineData("postgres.upgrading/postmaster.pid")]
    [InlineData("postgres.upgrading/upgraded")]
    [InlineData("postgres/upgraded")]
    public async Task A_start_that_is_killed_while_it_carries_over_is_made_good_by_the_next_ones(string killedWhenThereIs)
    {
        using var directory = new ClusterDirectory();
        await FillAsync(directory);
        var awaited = Path.Combine(directory.Root, killedWhenThereIs);
        var start = new ProcessStartInfo("dotnet", [typeof(UpgradeTests).Assembly.Location, "start", directory.DataDirectory, SecondPostgres.Both])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        using (var killed = Process.Start(start)!)
        {
            while (!Path.Exists(awaited) && !killed.HasExited) await Task.Yield();
            killed.HasExited.ShouldBeFalse();
            killed.Kill();
            await killed.WaitForExitAsync();
        }

        // The old server may have been left running: then it goes on, and the start after its stop carries over.
        await using (var next = await SecondPostgres.StartNewerAsync(directory.DataDirectory))
            (await ClusterDirectory.ScalarAsync(next, Sum, Database)).ShouldBe(500_500L);
        await using var last = await SecondPostgres.StartNewerAsync(directory.DataDirectory);
        await RequireAllAsync(directory, last);
    }

    [SecondPostgresFact]
    public async Task A_stop_between_the_two_moves_is_made_good_by_the_next_start()
    {
        using var directory = new ClusterDirectory();
        await FillAsync(directory);
        await (await SecondPostgres.StartNewerAsync(directory.DataDirectory)).DisposeAsync();
        var copy = directory.DataDirectory + ".upgrading";
        Directory.Move(directory.DataDirectory, copy);
        await File.WriteAllTextAsync(Path.Combine(copy, "upgraded"), "");

        await using var server = await SecondPostgres.StartNewerAsync(directory.DataDirectory);
        await RequireAllAsync(directory, server);
    }

    private static async Task FillAsync(ClusterDirectory directory)
    {
        await using var server = await SecondPostgres.StartOlderAsync(directory.DataDirectory);
        await FillAsync(server);
    }

    private static async Task FillAsync(EmbeddedPostgres server)
    {
        await server.CreateDatabaseIfMissingAsync(Database);
        await ClusterDirectory.ScalarAsync(
            server,
            """
            create schema events;
            create table events.kept as select n, jsonb_build_object('by', n) as data from generate_series(1, 1000) n;
            create index kept_by on events.kept ((data ->> 'by'));
            create sequence events.numbers; select setval('events.numbers', 4711)
            """,
            Database);
        await ClusterDirectory.ScalarAsync(server, "alter system set deadlock_timeout = '1234ms'");
    }

    private static async Task RequireAllAsync(ClusterDirectory directory, EmbeddedPostgres server)
    {
        EmbeddedPostgresCluster.MajorOf(directory.DataDirectory).ShouldBe((await EmbeddedPostgresBinaries.FindAllAsync(SecondPostgres.Both, default)).Max(found => found.Major));
        (await ClusterDirectory.ScalarAsync(server, Sum, Database)).ShouldBe(500_500L);
        (await ClusterDirectory.ScalarAsync(server, "select nextval('events.numbers')", Database)).ShouldBe(4712L);
        (await ClusterDirectory.ScalarAsync(server, "select count(*) from pg_indexes where indexname = 'kept_by'", Database)).ShouldBe(1L);
        (await ClusterDirectory.ScalarAsync(server, "select count(*) > 0 from pg_stats where schemaname = 'events' and tablename = 'kept'", Database)).ShouldBe(true);
        File.Exists(Path.Combine(directory.DataDirectory, "upgraded")).ShouldBeFalse();
        Directory.EnumerateDirectories(directory.Root, "*.upgrading*").ShouldBeEmpty();
    }
}
