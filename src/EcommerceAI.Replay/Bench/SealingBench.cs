using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench;

/// <summary>
/// <c>bench sealing</c>: what it costs to write and to read an event with three sealed texts, against the same event with none in it and
/// against an event of which nothing is personal, in the same run.
/// </summary>
internal sealed class SealingBench : IBench
{
    private const int Clients = 16;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <inheritdoc/>
    public Command Create()
    {
        var events = new Option<int>("--events") { Description = "Events of each kind, 100 or more.", DefaultValueFactory = _ => 4_000 };
        events.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 100) result.AddError("--events must be 100 or more.");
        });
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        var command = new VerbCommand(
            "sealing",
            "Events per second with and without sealed personal data.",
            new Example("bench sealing --json", "One JSON object.")) { events, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            await using var scratch = await ScratchDatabase.CreateAsync(open.ConnectionString, $"bench_sealing_{Environment.ProcessId}", cancellation);
            var figures = await MeasureAsync(scratch.Open.Store, parsed.GetValue(events), cancellation);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, Json) : Describe(figures));
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static CustomerRegistered Clear(string id) => new(id, "United Kingdom");

    private static CustomerRegistered Personal(string id) => new(id, "United Kingdom", "Ada Lovelace", "ada@example.org", "12 St James's Square\nLondon");

    private static CustomerForgotten Plain(string id) => new(id, "DSR-2024-0000000001");

    private static async Task<SealingFigures> MeasureAsync(EventStore store, int count, CancellationToken cancellation)
    {
        await AppendAsync(store, count / 4, i => ($"customer-warm-{i}", Personal($"warm-{i}")), cancellation);
        var plain = await AppendAsync(store, count, i => ($"customer-p-{i}", Plain($"p-{i}")), cancellation);
        var none = await AppendAsync(store, count, i => ($"customer-n-{i}", Clear($"n-{i}")), cancellation);
        var known = await AppendAsync(store, count, i => ($"customer-k-{i}", Personal("known")), cancellation);
        var fresh = await AppendAsync(store, count, i => ($"customer-f-{i}", Personal($"f-{i}")), cancellation);
        var serialiseEmpty = await SerialiseAsync(store, Clear, cancellation);
        var serialiseSealed = await SerialiseAsync(store, _ => Personal("known"), cancellation);
        var reads = new List<double>();
        foreach (var prefix in new[] { "p", "n", "k", "f" }) reads.Add(await ReadAsync(store, prefix, count, cancellation));
        return new SealingFigures(
            plain, none, known, fresh, serialiseEmpty, serialiseSealed, reads[0], reads[1], reads[2], reads[3],
            new SealingRatios(Ratio(none, plain), Ratio(known, plain), Ratio(fresh, plain), Ratio(reads[2], reads[1]), Ratio(reads[3], reads[1])));
    }

    private static async Task<double> AppendAsync(EventStore store, int count, Func<int, (string Stream, object Data)> make, CancellationToken cancellation)
    {
        var next = -1;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                var (stream, data) = make(i);
                await store.AppendAsync(stream, ExpectedVersion.NoStream, [data], cancellation);
            }
        }));
        return Math.Round(count / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Serialising, and sealing where there is something to seal, without the database.</summary>
    private static async Task<double> SerialiseAsync(EventStore store, Func<string, object> make, CancellationToken cancellation)
    {
        const int Size = 5_000;
        BulkEvent[] events = [.. Enumerable.Range(0, Size).Select(i => new BulkEvent("customer-x", new NewEvent(make($"{i}"), Guid.NewGuid(), DateTimeOffset.UnixEpoch)))];
        var best = 0.0;
        for (var round = 0; round < 10; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await BulkChunk.PrepareAsync(events, store, cancellation);
            best = Math.Max(best, Size / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return Math.Round(best);
    }

    /// <summary>Reading and deserialising, the best of five.</summary>
    private static async Task<double> ReadAsync(EventStore store, string prefix, int count, CancellationToken cancellation)
    {
        await using var command = store.Source.CreateCommand(
            $"select min(seq_id), max(seq_id) from events.mt_events where stream_id like 'customer-{prefix}-%'");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var range = new LogRange(reader.GetInt64(0) - 1, reader.GetInt64(1), count);
        var best = 0.0;
        for (var round = 0; round < 5; round++)
        {
            var started = Stopwatch.GetTimestamp();
            var page = await store.Reader.ReadLogAsync(range, cancellation);
            best = Math.Max(best, page.Events.Count / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return Math.Round(best);
    }

    private static double Ratio(double value, double to) => Math.Round(value / to, 3);

    private static string Describe(SealingFigures figures) =>
        $"""
         append, 16 clients, new streams   {figures.AppendPlain:N0}/s nothing personal, {figures.AppendEmpty:N0}/s personal fields empty, {figures.AppendSealed:N0}/s sealed for a known subject, {figures.AppendNewSubject:N0}/s sealed for a new subject each
         serialise                         {figures.SerialiseEmpty:N0}/s empty, {figures.SerialiseSealed:N0}/s sealed
         read and deserialise              {figures.ReadPlain:N0}/s nothing personal, {figures.ReadEmpty:N0}/s empty, {figures.ReadSealed:N0}/s one subject, {figures.ReadManySubjects:N0}/s as many subjects as events
         """;

    private sealed record SealingFigures(
        double AppendPlain, double AppendEmpty, double AppendSealed, double AppendNewSubject, double SerialiseEmpty, double SerialiseSealed,
        double ReadPlain, double ReadEmpty, double ReadSealed, double ReadManySubjects, SealingRatios Ratios);

    private sealed record SealingRatios(
        [property: JsonPropertyName("append_empty_vs_plain")] double AppendEmpty,
        [property: JsonPropertyName("append_sealed_vs_plain")] double AppendSealed,
        [property: JsonPropertyName("append_new_subject_vs_plain")] double AppendNewSubject,
        [property: JsonPropertyName("read_sealed_vs_empty")] double ReadSealed,
        [property: JsonPropertyName("read_many_subjects_vs_empty")] double ReadManySubjects);
}
