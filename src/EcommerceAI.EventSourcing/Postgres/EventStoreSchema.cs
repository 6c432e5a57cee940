using Npgsql;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>The store's tables: created where they are missing, checked where they are there, never altered.</summary>
internal static class EventStoreSchema
{
    /// <summary>Serialises first starts of several processes; any number that nobody else uses.</summary>
    private const long CreationLock = 0x45434F4D4D45;

    private static readonly (string Table, string Column, string Type)[] Required =
    [
        ("mt_streams", "id", "character varying"), ("mt_streams", "version", "bigint"),
        ("mt_streams", "timestamp", "timestamp with time zone"), ("mt_streams", "created", "timestamp with time zone"),
        ("mt_streams", "is_archived", "boolean"),
        ("mt_events", "seq_id", "bigint"), ("mt_events", "id", "uuid"), ("mt_events", "stream_id", "character varying"),
        ("mt_events", "version", "bigint"), ("mt_events", "data", "jsonb"), ("mt_events", "type", "character varying"),
        ("mt_events", "timestamp", "timestamp with time zone"), ("mt_events", "mt_dotnet_type", "character varying"),
        ("mt_events", "correlation_id", "character varying"), ("mt_events", "causation_id", "character varying"),
        ("mt_events", "headers", "jsonb"), ("mt_events", "is_archived", "boolean"),
    ];

    public static async Task CreateMissingAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var stream = typeof(EventStoreSchema).Assembly.GetManifestResourceStream("EventStoreSchema.sql")!;
        using var text = new StreamReader(stream);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var exclusive = new NpgsqlCommand($"select pg_advisory_xact_lock({CreationLock})", connection))
            await exclusive.ExecuteNonQueryAsync(cancellation);
        await using (var create = new NpgsqlCommand(await text.ReadToEndAsync(cancellation), connection))
            await create.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public static async Task CheckAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var columns = new Dictionary<(string, string), string>();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using (var command = new NpgsqlCommand(
            "select table_name, column_name, data_type from information_schema.columns where table_schema = 'events'", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation)) columns[(reader.GetString(0), reader.GetString(1))] = reader.GetString(2);
        }

        var drift = Required
            .Where(column => columns.GetValueOrDefault((column.Table, column.Column)) != column.Type)
            .Select(column => $"events.{column.Table}.{column.Column} should be {column.Type} and is "
                + (columns.GetValueOrDefault((column.Table, column.Column)) ?? "missing"))
            .ToList();
        await using (var command = new NpgsqlCommand(
            "select seqcache from pg_sequence where seqrelid = 'events.mt_events_sequence'::regclass", connection))
        {
            // A cached block of numbers would let a session write far below the high-water mark.
            if (await command.ExecuteScalarAsync(cancellation) is not 1L)
                drift.Add("events.mt_events_sequence should have CACHE 1");
        }

        if (drift.Count > 0) throw new EventStoreLayoutException(drift);
    }
}

/// <summary>The database holds tables of other shape than the layout; nothing was changed.</summary>
public sealed class EventStoreLayoutException(IReadOnlyList<string> drift)
    : Exception($"The database differs from the event store's layout: {string.Join("; ", drift)}.")
{
    /// <summary>What differs, one finding each.</summary>
    public IReadOnlyList<string> Drift { get; } = drift;
}
