using System.Text.Json;
using System.Text.Json.Nodes;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Privacy;

/// <summary>An event whose personal texts are sealed, ready to be written.</summary>
/// <param name="Record">Its record.</param>
/// <param name="Json">Its JSON.</param>
internal sealed record SealedEvent(Type Record, byte[] Json);

/// <summary>
/// Seals the personal texts of events on their way into the log, and loads the keys of those that come out of it. Events without
/// personal data pass by at the price of one look into a table in memory.
/// </summary>
internal sealed class EventSealing(EventTypes types, SubjectKeys keys)
{
    /// <summary>The same append with its personal texts sealed. The keys are durable before any event that needs them can be.</summary>
    /// <exception cref="InvalidOperationException">A personal text does not tell whose it is.</exception>
    public ValueTask<AppendRequest> SealAsync(AppendRequest request, CancellationToken cancellation) =>
        HoldsPersonal(request) ? SealStreamsAsync(request, cancellation) : ValueTask.FromResult(request);

    /// <summary>The same chunk with its personal texts sealed.</summary>
    /// <exception cref="InvalidOperationException">A personal text does not tell whose it is.</exception>
    public async ValueTask<IReadOnlyList<BulkEvent>> SealAsync(IReadOnlyList<BulkEvent> events, CancellationToken cancellation)
    {
        if (!events.Any(bulk => IsPersonal(bulk.Event))) return events;
        var opened = Open(events.Select(bulk => bulk.Event));
        var ring = await LoadAsync(opened.Values, cancellation);
        return [.. events.Select(bulk => bulk with { Event = Seal(bulk.Event, opened, ring) })];
    }

    /// <summary>The keys that these rows of the log need.</summary>
    /// <param name="rows">Event name and JSON of each.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="MasterKeyException">The keys are wrapped, and the master key is missing or another one.</exception>
    public ValueTask<SubjectKeyRing> LoadKeysAsync(IEnumerable<(string Name, ReadOnlyMemory<byte> Json)> rows, CancellationToken cancellation)
    {
        HashSet<string>? ids = null;
        foreach (var (name, json) in rows)
        {
            if (HoldsPersonal(name)) SealedText.CollectKeys(json.Span, ids ??= new HashSet<string>(StringComparer.Ordinal));
        }

        return ids is null ? ValueTask.FromResult(SubjectKeyRing.Empty) : keys.LoadAsync(ids, cancellation);
    }

    /// <summary>The keys that one row of the log needs, for whoever reads row by row.</summary>
    /// <param name="name">Event name.</param>
    /// <param name="json">Its JSON.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="MasterKeyException">As for many rows.</exception>
    public ValueTask<SubjectKeyRing> LoadKeysAsync(string name, ReadOnlyMemory<byte> json, CancellationToken cancellation) =>
        HoldsPersonal(name) ? LoadKeysAsync([(name, json)], cancellation) : ValueTask.FromResult(SubjectKeyRing.Empty);

    /// <summary>Refuses an event that would put a personal text into the log in the clear.</summary>
    /// <exception cref="InvalidOperationException">It holds one.</exception>
    public static void RefuseClear(EventTypes types, Type record, byte[] json)
    {
        if (types.PersonalShapeOf(record) is not { } shape) return;
        var node = ObjectOf(json);
        if (shape.Personal.FirstOrDefault(field => field.FindTexts(node).Any()) is { } field)
            throw new InvalidOperationException(
                $"The event '{shape.Name}' holds personal data in '{field.Path.Text}'; it must be sealed before it is written (BulkChunk.PrepareAsync does).");
    }

    private bool HoldsPersonal(string name) => types.ShapeOf(name) is { Personal.Count: > 0 };

    /// <summary>A plain loop: every append comes by here.</summary>
    private bool HoldsPersonal(AppendRequest request)
    {
        foreach (var stream in request.Streams)
        {
            foreach (var @event in stream.Events)
            {
                if (IsPersonal(@event)) return true;
            }
        }

        return false;
    }

    private bool IsPersonal(NewEvent @event) => types.PersonalShapeOf(@event.Data.GetType()) is not null;

    private async ValueTask<AppendRequest> SealStreamsAsync(AppendRequest request, CancellationToken cancellation)
    {
        var opened = Open(request.Streams.SelectMany(stream => stream.Events));
        var ring = await LoadAsync(opened.Values, cancellation);
        return request with
        {
            Streams = [.. request.Streams.Select(stream => stream with { Events = [.. stream.Events.Select(@event => Seal(@event, opened, ring))] })],
        };
    }

    private Dictionary<NewEvent, Opened> Open(IEnumerable<NewEvent> events)
    {
        var opened = new Dictionary<NewEvent, Opened>(ReferenceEqualityComparer.Instance);
        foreach (var @event in events)
        {
            if (types.PersonalShapeOf(@event.Data.GetType()) is not { } shape) continue;
            var json = ObjectOf(EventSerializer.Serialize(@event.Data));
            var moment = @event.Timestamp ?? TimeProvider.System.GetUtcNow();
            opened[@event] = new Opened(
                json, [.. shape.Personal.Where(field => field.FindTexts(json).Any()).Select(field => (field, field.KeyFor(json, moment)))]);
        }

        return opened;
    }

    private ValueTask<SubjectKeyRing> LoadAsync(IEnumerable<Opened> opened, CancellationToken cancellation)
    {
        KeyRequest[] requests = [.. opened.SelectMany(entry => entry.Fields.Select(field => field.Key)).DistinctBy(key => key.Id, StringComparer.Ordinal)];
        return requests.Length == 0 ? ValueTask.FromResult(SubjectKeyRing.Empty) : keys.EnsureAsync(requests, cancellation);
    }

    private static NewEvent Seal(NewEvent @event, Dictionary<NewEvent, Opened> opened, SubjectKeyRing ring)
    {
        if (!opened.TryGetValue(@event, out var entry)) return @event;
        foreach (var (field, key) in entry.Fields)
        {
            foreach (var place in field.FindTexts(entry.Json))
            {
                // What comes late of somebody who was forgotten is a fact without a person.
                place.Put(ring.Find(key.Id) is { } bytes
                    ? JsonValue.Create(SealedText.Seal(place.Text!, bytes, key.Id, field.EventName, place.Path))
                    : field.Placeholder());
            }
        }

        return @event with { Data = new SealedEvent(@event.Data.GetType(), JsonSerializer.SerializeToUtf8Bytes(entry.Json, EventSerializer.Options)) };
    }

    private static JsonObject ObjectOf(byte[] json) =>
        JsonNode.Parse(json) as JsonObject ?? throw new InvalidOperationException("An event that holds personal data is a JSON object.");

    private sealed record Opened(JsonObject Json, IReadOnlyList<(PersonalField Field, KeyRequest Key)> Fields);
}
