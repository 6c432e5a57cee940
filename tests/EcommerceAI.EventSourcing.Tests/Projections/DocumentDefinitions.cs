using System.Text.Json;
using EcommerceAI.EventSourcing.Projections.Documents;
using EcommerceAI.EventSourcing.Store;
using Shouldly;

namespace EcommerceAI.EventSourcing.Tests.Projections;

/// <summary>The history of one stream; a name of "deleted" deletes it.</summary>
internal sealed record Tally(string Id, long Total, string? Name, IReadOnlyList<long> Positions);

/// <summary>One <see cref="Tally"/> a stream; a hook may throw.</summary>
internal sealed class TallyProjection(int version = 1) : StreamDocumentProjection<Tally>
{
    public Action<RecordedEvent>? OnEvent { get; set; }

    public override string Name => "tallies";

    public override int Version => version;

    public override IReadOnlyList<Type> Handles => [typeof(Counted), typeof(Renamed)];

    public override Tally Initial(string id) => new(id, 0, null, []);

    public override Tally? Evolve(Tally document, RecordedEvent @event)
    {
        OnEvent?.Invoke(@event);
        // The positions tell whether an event was missed, came twice or out of order.
        var seen = document with { Positions = [.. document.Positions, @event.Position] };
        return @event.Data switch
        {
            Counted counted => seen with { Total = document.Total + counted.By },
            Renamed { Name: "deleted" } => null,
            Renamed renamed => seen with { Name = renamed.Name },
            _ => seen,
        };
    }
}

/// <summary>What happened under one mark, over all streams.</summary>
internal sealed record MarkSum(long Total, IReadOnlyList<string> Streams);

/// <summary>
/// A <see cref="MarkSum"/> for each mark of a <see cref="Counted"/> (marks with blanks between them go into several); an event without
/// a mark goes nowhere, one of no count deletes.
/// </summary>
internal sealed class MarkSumProjection : MultiStreamDocumentProjection<MarkSum>
{
    public override string Name => "mark_sums";

    public override int Version => 1;

    public override IReadOnlyList<Type> Handles => [typeof(Counted)];

    public override string Indexes => "create index on {schema}.documents (((data ->> 'total')::bigint));";

    public override MarkSum Initial(string id) => new(0, []);

    public override IEnumerable<string> DocumentIds(RecordedEvent @event) => ((Counted)@event.Data).Mark?.Split(' ') ?? [];

    public override MarkSum? Evolve(MarkSum document, RecordedEvent @event) => ((Counted)@event.Data).By switch
    {
        0 => null,
        var by => new MarkSum(
            document.Total + by, document.Streams.Contains(@event.StreamId) ? document.Streams : [.. document.Streams, @event.StreamId]),
    };
}

internal static class DocumentAssertions
{
    /// <summary>The same to the letter, whatever the types of its lists.</summary>
    public static void ShouldBeAsJson(this object? actual, object? expected) =>
        JsonSerializer.Serialize(actual, EventSerializer.Options).ShouldBe(JsonSerializer.Serialize(expected, EventSerializer.Options));
}

/// <summary>A random log: streams that grow side by side, with deletions and marks.</summary>
internal static class RandomLog
{
    public static async Task AppendAsync(EventStore store, int seed, int events, int streams)
    {
        var random = new Random(seed);
        foreach (var chunk in Enumerable.Range(0, events).Chunk(500))
        {
            await new BulkAppend(store).AppendAsync(BulkChunk.Prepare(
                [.. chunk.Select(_ => new BulkEvent($"t-{random.Next(streams)}", new NewEvent(Event(random), Guid.NewGuid(), DateTimeOffset.UnixEpoch)))],
                store.Serializer.Types));
        }
    }

    private static object Event(Random random) => random.Next(10) switch
    {
        0 => new Renamed("deleted"),
        1 => new Renamed($"n{random.Next(5)}"),
        2 => new Anything(),
        _ => new Counted(random.Next(6), string.Join(' ', Enumerable.Range(0, random.Next(4)).Select(_ => $"m{random.Next(20)}")) is { Length: > 0 } marks ? marks : null),
    };
}
