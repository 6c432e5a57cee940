using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Privacy;

/// <summary>Runs a change to one event inside the caller's transaction; whatever else must know of the change hooks in here.</summary>
/// <param name="connection">The connection of the transaction.</param>
/// <param name="position">The event's position.</param>
/// <param name="reason">Why it is changed.</param>
/// <param name="change">Changes it.</param>
/// <param name="cancellation">Gives up.</param>
public delegate Task RedactionScope(
    NpgsqlConnection connection, long position, string reason, Func<CancellationToken, Task> change, CancellationToken cancellation);

/// <summary>What a masking did.</summary>
/// <param name="Position">The event's position.</param>
/// <param name="StreamId">Its stream.</param>
/// <param name="Type">Its name.</param>
/// <param name="Paths">The places that were masked; none where all of them were before.</param>
/// <param name="OldHash">SHA-256 of the data's text before.</param>
/// <param name="NewHash">The same after.</param>
/// <param name="Projections">Read models that were made of this event and are to be rebuilt.</param>
public sealed record MaskingResult(
    long Position, string StreamId, string Type, IReadOnlyList<string> Paths, byte[] OldHash, byte[] NewHash, IReadOnlyList<string> Projections);

/// <summary>
/// Masks a text of an event that was written already, for what is personal and slipped into a free text. The log is not to change
/// otherwise, so each masking is on record in <c>bookkeeping.redactions</c>, in the transaction that makes it.
/// </summary>
public sealed class Masking(EventStore store, IEnumerable<IProjection> projections, RedactionScope? scope = null)
{
    /// <summary>What stands for a masked text.</summary>
    public const string Mask = "[masked]";

    /// <summary>Masks every text that a path leads to. Again is no fault: what is masked already is left as it is.</summary>
    /// <param name="position">The event's position.</param>
    /// <param name="path"><c>$.reason</c>, <c>$.lines[0].note</c>, <c>$.lines[].note</c>.</param>
    /// <param name="reason">Why, for the record; nothing personal.</param>
    /// <param name="cancellation">Gives up; nothing is changed then.</param>
    /// <exception cref="MaskingException">No such event or place, the place holds no text, or the event could not be read any more.</exception>
    public async Task<MaskingResult> MaskAsync(long position, string path, string reason, CancellationToken cancellation = default)
    {
        var way = ReadPath(path);
        if (string.IsNullOrWhiteSpace(reason)) throw new MaskingException("A masking needs a reason.");
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var row = await ReadAsync(connection, position, cancellation);
        var (json, masked) = MaskTexts(row, way, path);
        var result = new MaskingResult(position, row.StreamId, row.Type, masked, Hash(row.Json), Hash(row.Json), Affected(row.Type));
        if (masked.Count == 0) return result;
        await CheckReadableAsync(row, json, cancellation);
        var change = async (CancellationToken token) => { result = result with { NewHash = await WriteAsync(connection, position, json, token) }; };
        await (scope?.Invoke(connection, position, reason, change, cancellation) ?? change(cancellation));
        foreach (var place in masked) await RecordAsync(connection, result, place, reason, cancellation);
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    private static JsonPath ReadPath(string path)
    {
        try
        {
            return JsonPath.Parse(path);
        }
        catch (FormatException malformed)
        {
            throw new MaskingException(malformed.Message);
        }
    }

    private static (JsonObject Json, IReadOnlyList<string> Masked) MaskTexts(Row row, JsonPath way, string path)
    {
        var json = JsonNode.Parse(row.Json) as JsonObject ?? throw new MaskingException($"The event at position {row.Position} is no JSON object.");
        JsonPlace[] places = [.. way.Find(json).Where(place => place.Value is not null)];
        if (places.Length == 0) throw new MaskingException($"The event '{row.Type}' at position {row.Position} has nothing at {path}.");
        if (Array.Find(places, place => place.Text is null) is { Parent: not null } other)
            throw new MaskingException($"{other.Path} of the event at position {row.Position} is no text; only texts can be masked.");
        var masked = new List<string>();
        foreach (var place in places.Where(place => place.Text != Mask))
        {
            place.Put(Mask);
            masked.Add(place.Path);
        }

        return (json, masked);
    }

    /// <summary>A mask in an id, a code or a date could make the event unreadable, and stop every projection.</summary>
    private async Task CheckReadableAsync(Row row, JsonObject json, CancellationToken cancellation)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(json, EventSerializer.Options);
        var keys = await store.Sealing.LoadKeysAsync(row.Type, bytes, cancellation);
        try
        {
            store.Serializer.Deserialize(row.Type, bytes, keys);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or ArgumentException or FormatException
            or OverflowException or InvalidOperationException)
        {
            throw new MaskingException($"Masked so, the event '{row.Type}' at position {row.Position} could not be read any more: {unreadable.Message}");
        }
    }

    private string[] Affected(string type) =>
    [
        .. projections.Where(projection => HandledNames.Of(projection, store.Serializer.Types).Contains(type))
            .Select(projection => projection.Name).Order(StringComparer.Ordinal),
    ];

    private static async Task<Row> ReadAsync(NpgsqlConnection connection, long position, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select stream_id, type, data from events.mt_events where seq_id = $1 for update", connection);
        command.Parameters.AddWithValue(position);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new Row(position, reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2))
            : throw new MaskingException($"There is no event at position {position}.");
    }

    private static async Task<byte[]> WriteAsync(NpgsqlConnection connection, long position, JsonObject json, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("update events.mt_events set data = $2 where seq_id = $1 returning data", connection);
        command.Parameters.AddWithValue(position);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, JsonSerializer.SerializeToUtf8Bytes(json, EventSerializer.Options));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return Hash(reader.GetFieldValue<byte[]>(0));
    }

    private static async Task RecordAsync(
        NpgsqlConnection connection, MaskingResult result, string path, string reason, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "insert into bookkeeping.redactions (position, path, reason, old_hash, new_hash) values ($1, $2, $3, $4, $5)", connection);
        command.Parameters.AddWithValue(result.Position);
        command.Parameters.AddWithValue(path);
        command.Parameters.AddWithValue(reason.Trim());
        command.Parameters.AddWithValue(result.OldHash);
        command.Parameters.AddWithValue(result.NewHash);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The text that the server gives for a <c>jsonb</c> is one for each value.</summary>
    private static byte[] Hash(byte[] json) => SHA256.HashData(json);

    private sealed record Row(long Position, string StreamId, string Type, byte[] Json);
}

/// <summary>A masking cannot be done; nothing was changed.</summary>
public sealed class MaskingException(string message) : Exception(message);
