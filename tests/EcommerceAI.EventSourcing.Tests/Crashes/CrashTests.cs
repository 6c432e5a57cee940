using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Tests.Postgres;
using EcommerceAI.EventSourcing.Tests.Projections;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcommerceAI.EventSourcing.Tests.Crashes;

/// <summary>SIGKILL of the process, of PostgreSQL, and of both, at random points. <c>ECOMMERCEAI_SEEDS</c> says how many runs.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Kills = 3;

    [Theory]
    [Seeds]
    public async Task After_any_kill_every_acknowledged_append_is_there_none_is_half_there_and_verify_is_clean(int seed)
    {
        using var directory = new ClusterDirectory();
        var folder = Path.Combine(directory.Root, "chain");
        var random = new Random(seed);
        var acknowledged = new List<Guid>();
        var server = await StartAsync(directory);
        CrashingProcess? process = null;
        var swaps = 0;
        try
        {
            await server.CreateDatabaseIfMissingAsync("crash");
            for (var kill = 0; kill < Kills; kill++)
            {
                process ??= CrashingProcess.Start(server.ConnectionString("crash"), folder, (seed + kill).ToString(System.Globalization.CultureInfo.InvariantCulture));
                await AtWorkAsync(process);
                // Everything goes on at once, so that a random moment falls into any of it.
                await Task.Delay(random.Next(400));
                var (killsServer, killsProcess) = random.Next(3) switch { 0 => (true, false), 1 => (false, true), _ => (true, true) };
                if (killsServer) await directory.KillServerAsync();
                if (killsProcess || kill == Kills - 1)
                {
                    swaps += process.Swaps;
                    await EndAsync(process, acknowledged);
                    process = null;
                }

                if (killsServer) server = await RestartAsync(server, directory);
            }

            await CheckAsync(server.ConnectionString("crash"), folder, acknowledged);
            output.WriteLine($"seed {seed}: {acknowledged.Count:N0} appends acknowledged, {swaps} rebuilds swapped in");
        }
        finally
        {
            process?.Dispose();
            await server.DisposeAsync();
        }
    }

    /// <summary>A killed server has left what it wrote to the kernel; flushing it on would only tell after a power cut, and takes most of the time.</summary>
    private static Task<EmbeddedPostgres> StartAsync(ClusterDirectory directory) => EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions
    {
        DataDirectory = directory.DataDirectory,
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["fsync"] = "off" },
    });

    /// <summary>Until it has appended and swapped anew, so that no kill falls before the work begins.</summary>
    private static async Task AtWorkAsync(CrashingProcess process)
    {
        var (appends, swaps) = (process.Acknowledged.Count + 20, process.Swaps + 1);
        await Wait.UntilAsync(
            () => process.HasExited || (process.Acknowledged.Count >= appends && process.Swaps >= swaps), "the process to append and rebuild");
        process.HasExited.ShouldBeFalse(process.HasExited ? await process.ErrorsAsync() : "");
    }

    private static async Task EndAsync(CrashingProcess process, List<Guid> acknowledged)
    {
        await process.KillAsync();
        process.Failures.ShouldBeEmpty();
        acknowledged.AddRange(process.Acknowledged);
        process.Dispose();
    }

    private static async Task<EmbeddedPostgres> RestartAsync(EmbeddedPostgres killed, ClusterDirectory directory)
    {
        await killed.DisposeAsync();
        return await StartAsync(directory);
    }

    private static async Task CheckAsync(string connectionString, string folder, List<Guid> acknowledged)
    {
        await using var database = await TestDatabase.AttachAsync(connectionString);
        var marks = (await database.LinesAsync("select data ->> 'mark', count(*) from events.mt_events group by 1"))
            .ConvertAll(line => line.Replace(' ', ':').Split(':'));
        marks.Where(mark => mark[1] != mark[2]).Select(mark => mark[0]).ShouldBeEmpty("an append is half there");
        acknowledged.Except(marks.Select(mark => Guid.Parse(mark[0]))).ShouldBeEmpty("an acknowledged append is missing");
        (await database.LinesAsync(
            """
            select s.id from events.mt_streams s left join events.mt_events e on e.stream_id = s.id group by s.id, s.version
            having s.version <> count(e.id) or min(e.version) <> 1 or max(e.version) <> s.version
            """)).ShouldBeEmpty("a stream's versions have a hole");

        var projection = new CountProjection();
        (await new ProjectionVerification(database.Store).RunAsync(projection)).IsEqual.ShouldBeTrue("the read model differs from its rebuild");
        var (streams, overall, position) = await projection.ReadAsync(new ReadModels(database.Store.Source));
        (streams, overall).ShouldBe((overall, await database.ScalarAsync<long>($"select count(*) from events.mt_events where seq_id <= {position}")));
        (await database.ScalarAsync<long>("select count(*) from bookkeeping.generations where state = 'live'")).ShouldBe(1);

        var chain = new EventChain(database.Store, folder);
        (await chain.SealAsync()).ShouldNotBeNull();
        var verified = await new ChainVerification(database.Store, chain).RunAsync();
        verified.Findings.ShouldBeEmpty();
        verified.Events.ShouldBe(await database.CountEventsAsync());
    }
}
