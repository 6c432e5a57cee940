using Npgsql;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>An event as it stands in the database, its data as JSON, whatever records this program knows.</summary>
/// <param name="Position">Global position (<c>seq_id</c>).</param>
/// <param name="Id">The event's own id.</param>
/// <param name="StreamId">The stream's key.</param>
/// <param name="Version">Place in its stream, from 1 without holes.</param>
/// <param name="Type">Event name.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Data">UTF-8 JSON.</param>
/// <param name="CorrelationId">What all events of one conversation share, or null.</param>
/// <param name="CausationId">The command or event that caused it, or null.</param>
/// <param name="Headers">UTF-8 JSON, or null.</param>
/// <param name="ClrType"><c>Full.Type.Name, AssemblyName</c> of the record that wrote it, or null.</param>
/// <param name="IsArchived">Whether the event is marked as archived.</param>
public sealed record StoredEvent(
    long Position, Guid Id, string StreamId, long Version, string Type, DateTimeOffset Timestamp, byte[] Data,
    string? CorrelationId = null, string? CausationId = null, byte[]? Headers = null, string? ClrType = null, bool IsArchived = false)
{
    /// <summary>Reads a row of <see cref="EventLayout.AllColumns"/>.</summary>
    internal static StoredEvent Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5),
        row.GetFieldValue<byte[]>(6), row.IsDBNull(7) ? null : row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8),
        row.IsDBNull(9) ? null : row.GetFieldValue<byte[]>(9), row.IsDBNull(10) ? null : row.GetString(10), row.GetBoolean(11));
}

/// <summary>A stream as it stands in the database, without its events.</summary>
/// <param name="Id">The stream's key, <c>category-id</c>.</param>
/// <param name="Type">What a foreign writer calls its aggregate, or null.</param>
/// <param name="Version">The version of its last event; 0 without events.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Changed">When it was appended to last.</param>
/// <param name="IsArchived">Whether it takes no more events.</param>
public sealed record StoredStream(string Id, string? Type, long Version, DateTimeOffset Created, DateTimeOffset Changed, bool IsArchived)
{
    /// <summary>Reads a row of <see cref="EventLayout.StreamColumns"/>.</summary>
    internal static StoredStream Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.IsDBNull(2) ? 0 : row.GetInt64(2),
        row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4), row.GetBoolean(5));
}
