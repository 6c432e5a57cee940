using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.FlashSale;

/// <summary>Takes the measurements in turns, so that all see the same machine.</summary>
/// <param name="clients">Clients at once.</param>
/// <param name="seconds">Of each measurement.</param>
/// <param name="rounds">The median of these counts.</param>
/// <param name="folder">Where Redis keeps its files: the disk of the event store.</param>
internal sealed class FlashSaleRun(int clients, double seconds, int rounds, string folder)
{
    private readonly Dictionary<string, List<double>> _taken = new(StringComparer.Ordinal);

    public async Task<FlashSaleFigures> MeasureAsync(string server, int buyers, int units, CancellationToken cancellation)
    {
        await using var scratch = await ScratchDatabase.CreateAsync(server, $"bench_flash_{Environment.ProcessId}", cancellation);
        var store = scratch.Open.Store;
        await RefuseVolatileAsync(store, cancellation);
        var redis = ProgramOnPath.Find("redis-server");
        // Everything is compiled and every table has grown beyond its first pages before anything counts.
        await DropClients.MeasureAsync(store, "warm", clients, 1, cancellation);
        var oversold = await DropClients.SellOutAsync(store, "sold-out", clients, buyers, units, cancellation);
        for (var round = 0; round < rounds; round++)
        {
            await scratch.CheckpointAsync(cancellation);
            Take("process", await DropClients.MeasureAsync(store, $"drop-{round}", clients, seconds, cancellation));
            if (redis is not null)
            {
                foreach (var fsync in (string[])["always", "everysec"]) await TakeRedisAsync(redis, fsync, round, cancellation);
            }
        }

        await using (var http = await HttpDrop.StartAsync(scratch.Open.ConnectionString, folder, clients, cancellation))
        {
            for (var round = -1; round < rounds; round++)
            {
                await scratch.CheckpointAsync(cancellation);
                var rate = await http.MeasureAsync($"http-{round + 1}", seconds, cancellation);
                if (round >= 0) Take("http", rate);
            }
        }

        return Figures(buyers, units, oversold, redis is not null);
    }

    private async Task TakeRedisAsync(string program, string fsync, int round, CancellationToken cancellation)
    {
        using var server = await RedisServer.StartAsync(program, Path.Combine(folder, $"redis-{fsync}-{round}"), fsync, cancellation);
        Take(fsync, await RedisDrop.MeasureAsync(server, $"drop-{round}", clients, seconds, cancellation));
    }

    private void Take(string name, double rate)
    {
        if (!_taken.TryGetValue(name, out var rates)) _taken[name] = rates = [];
        rates.Add(rate);
    }

    private FlashSaleFigures Figures(int buyers, int units, long oversold, bool hasRedis)
    {
        double Of(string name) => Percentiles.Median(_taken[name]);
        double? Ratio(string name, string peer) => hasRedis ? Math.Round(Of(name) / Of(peer), 3) : null;
        return new FlashSaleFigures(
            clients, Math.Round(Of("process")), Math.Round(Of("http")),
            hasRedis ? new RedisFigures(Math.Round(Of("always")), Math.Round(Of("everysec"))) : null, buyers, units, oversold,
            new FlashSaleRatios(
                Ratio("process", "always"), Ratio("process", "everysec"), Math.Round(Of("http") / Of("process"), 3), Ratio("http", "always")));
    }

    /// <summary>A reservation that is not flushed before its reply proves nothing.</summary>
    private static async Task RefuseVolatileAsync(EventStore store, CancellationToken cancellation)
    {
        await using var command = store.Source.CreateCommand("select current_setting('fsync') || ' ' || current_setting('synchronous_commit')");
        if (await command.ExecuteScalarAsync(cancellation) is not "on on")
            throw new ReplayException("The server flushes nothing before it answers (fsync or synchronous_commit is off); measure on one that does.");
    }
}
