using System.Text;
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

    /// <summary>Creates what is missing and checks all of it; where something there differs, nothing is created.</summary>
    /// <exception cref="EventStoreLayoutException">The database holds tables that differ from the layout.</exception>
    public static async Task CreateMissingAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var exclusive = new NpgsqlCommand($"select pg_advisory_xact_lock({CreationLock})", connection))
            await exclusive.ExecuteNonQueryAsync(cancellation);
        // First what is there: an index or a sequence cannot even be made on a table that lacks its column.
        await CheckColumnsAsync(connection, cancellation);
        await using (var create = new NpgsqlCommand(await ReadStatementsAsync(cancellation), connection))
            await create.ExecuteNonQueryAsync(cancellation);
        await CheckSequenceAsync(connection, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The layout, then every file of our own bookkeeping, which lives in a schema of its own.</summary>
    private static async Task<string> ReadStatementsAsync(CancellationToken cancellation)
    {
        var assembly = typeof(EventStoreSchema).Assembly;
        var bookkeeping = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Bookkeeping/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        var statements = new StringBuilder();
        foreach (var name in (IEnumerable<string>)["EventStoreSchema.sql", .. bookkeeping])
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
            statements.AppendLine(await text.ReadToEndAsync(cancellation));
        }

        return statements.ToString();
    }

    private static async Task CheckColumnsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var columns = new Dictionary<(string, string), string>();
        await using var command = new NpgsqlCommand(
            "select table_name, column_name, data_type from information_schema.columns where table_schema = 'events'", connection);
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation)) columns[(reader.GetString(0), reader.GetString(1))] = reader.GetString(2);
        }

        var tables = columns.Keys.Select(column => column.Item1).ToHashSet(StringComparer.Ordinal);
        List<string> drift =
        [
            .. Required
                .Where(column => tables.Contains(column.Table) && columns.GetValueOrDefault((column.Table, column.Column)) != column.Type)
                .Select(column => $"events.{column.Table}.{column.Column} should be {column.Type} and is "
                    + (columns.GetValueOrDefault((column.Table, column.Column)) ?? "missing")),
        ];
        if (drift.Count > 0) throw new EventStoreLayoutException(drift);
    }

    private static async Task CheckSequenceAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var drift = new List<string>();
        // The rows are looked at before the sequence, which only grows: other writers cannot make this report a false drift.
        long highest;
        await using (var command = new NpgsqlCommand("select coalesce(max(seq_id), 0) from events.mt_events", connection))
            highest = (long)(await command.ExecuteScalarAsync(cancellation))!;
        await using (var command = new NpgsqlCommand(
            """
            select s.seqcache, s.seqincrement, n.last_value from pg_sequence s, events.mt_events_sequence n
            where s.seqrelid = 'events.mt_events_sequence'::regclass
            """,
            connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            await reader.ReadAsync(cancellation);
            // A cached block of numbers, or one drawn downwards, would let a session write far below the high-water mark.
            if (reader.GetInt64(0) != 1) drift.Add($"events.mt_events_sequence should have CACHE 1 and has {reader.GetInt64(0)}");
            if (reader.GetInt64(1) != 1) drift.Add($"events.mt_events_sequence should have INCREMENT 1 and has {reader.GetInt64(1)}");
            if (reader.GetInt64(2) < highest)
                drift.Add($"events.mt_events_sequence stands at {reader.GetInt64(2)}, below the highest seq_id, {highest}");
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
