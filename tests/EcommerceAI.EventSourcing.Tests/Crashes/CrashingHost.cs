using System.Globalization;
using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Tests.Projections;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EcommerceAI.EventSourcing.Tests.Crashes;

/// <summary>
/// A host that appends, projects, rebuilds, swaps and seals, all at once and until it is killed. It says on standard output what it has
/// been told: <c>A id</c> for an acknowledged append, <c>R</c> for a swap, <c>S</c> for a seal, <c>F message</c> for what must never happen.
/// </summary>
internal static class CrashingHost
{
    private const int Appenders = 8;

    /// <param name="args">Connection string, folder of the chain, seed.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var connectionString, var folder, var seedText]) return 2;
        var seed = int.Parse(seedText, CultureInfo.InvariantCulture);
        await using var store = await EventStore.OpenAsync(connectionString, TestEvents.Types);
        var projection = new CountProjection();
        using var watch = new LogWatch(store, NullLogger<LogWatch>.Instance);
        using var host = new ProjectionHost(store, watch, [projection], NullLogger<ProjectionHost>.Instance);
        using var end = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            end.Cancel();
        };
        await watch.StartAsync(default);
        await host.StartAsync(default);
        var rebuild = new ProjectionRebuild(store);
        var chain = new EventChain(store, folder);
        await Task.WhenAll(
        [
            .. Enumerable.Range(0, Appenders).Select(appender => Task.Run(() => AppendAsync(store, new Random((seed * 100) + appender), end.Token))),
            Task.Run(() => RepeatAsync("R", () => rebuild.RunAsync(projection), end.Token)),
            Task.Run(() => RepeatAsync("S", () => chain.SealAsync(), end.Token)),
        ]);
        return 0;
    }

    private static async Task AppendAsync(EventStore store, Random random, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var streams = Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(40)).Distinct()
                .Select(stream => (Id: $"c-{stream}", Events: random.Next(1, 4))).ToArray();
            var id = Guid.NewGuid();
            // What belongs together carries the same mark, with how many they are.
            var mark = $"{id}:{streams.Sum(stream => stream.Events)}";
            var appends = streams.Select(stream => new StreamAppend(
                stream.Id, ExpectedVersion.Any, [.. Enumerable.Range(0, stream.Events).Select(_ => new NewEvent(new Counted(1, mark)))]));
            try
            {
                if (await store.AppendAsync(new AppendRequest([.. appends]), CancellationToken.None) is AppendResult.Appended) await Console.Out.WriteLineAsync($"A {id}");
            }
            catch (Exception lost) when (lost is NpgsqlException or AppendOutcomeUnknownException or TimeoutException)
            {
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    private static async Task RepeatAsync(string sign, Func<Task> act, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await act();
                await Console.Out.WriteLineAsync(sign);
            }
            catch (Exception lost) when (lost is NpgsqlException or IOException)
            {
                await Task.Delay(10, CancellationToken.None);
            }
#pragma warning disable CA1031 // Whatever else it is, the test has to hear of it.
            catch (Exception unexpected)
#pragma warning restore CA1031
            {
                await Console.Out.WriteLineAsync($"F {unexpected.GetType().Name} {unexpected.Message.ReplaceLineEndings(" ")}");
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }
}
