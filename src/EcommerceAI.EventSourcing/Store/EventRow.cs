using System.Text.Json;
using Npgsql;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// An event as the server sent it, its JSON untouched: reading rows and making records of them are two steps, so that what the records
/// of a whole page need can be fetched between the two.
/// </summary>
internal readonly record struct EventRow(
    long Position, Guid Id, string StreamId, long Version, string Type, DateTimeOffset Timestamp, ReadOnlyMemory<byte> Json, EventMetadata Metadata)
{
    /// <summary>Reads the row that the reader stands on, of <see cref="EventLayout.ReadColumns"/>.</summary>
    public static EventRow Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetInt64(3), reader.GetString(4),
        // Read as what the driver keeps it as: in UTC.
        new DateTimeOffset(reader.GetDateTime(5)), reader.GetFieldValue<byte[]>(6), ReadMetadata(reader));

    private static EventMetadata ReadMetadata(NpgsqlDataReader reader)
    {
        var correlation = reader.IsDBNull(7) ? null : reader.GetString(7);
        var causation = reader.IsDBNull(8) ? null : reader.GetString(8);
        var headers = reader.IsDBNull(9) ? null : ReadHeaders(reader.GetFieldValue<byte[]>(9));
        return correlation is null && causation is null && headers is null
            ? EventMetadata.None
            : new EventMetadata(correlation, causation, headers);
    }

    /// <summary>Headers of other writers may hold any JSON; what is no string is given as its JSON text.</summary>
    private static Dictionary<string, string> ReadHeaders(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.EnumerateObject().ToDictionary(
                header => header.Name,
                header => header.Value.ValueKind == JsonValueKind.String ? header.Value.GetString()! : header.Value.GetRawText(),
                StringComparer.Ordinal)
            : [];
    }
}
