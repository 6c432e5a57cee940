using EcommerceAI.EventSourcing.Store;
using Npgsql;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>
/// Compares the tables that are there with the layout. Tables that another program made may have their columns in any order, columns of
/// their own that may be left empty, and none of the optional ones; what reading and appending rests on must be as the layout says.
/// </summary>
internal sealed class LayoutCheck
{
    private static readonly (string Table, string Column, string Type)[] Required =
    [
        ("mt_streams", "id", "character varying"), ("mt_streams", "version", "bigint"),
        ("mt_streams", "timestamp", "timestamp with time zone"), ("mt_streams", "created", "timestamp with time zone"),
        ("mt_streams", "is_archived", "boolean"),
        ("mt_events", "seq_id", "bigint"), ("mt_events", "id", "uuid"), ("mt_events", "stream_id", "character varying"),
        ("mt_events", "version", "bigint"), ("mt_events", "data", "jsonb"), ("mt_events", "type", "character varying"),
        ("mt_events", "timestamp", "timestamp with time zone"), ("mt_events", "is_archived", "boolean"),
    ];

    /// <summary>May be absent; where they are there they have this type.</summary>
    private static readonly (string Table, string Column, string Type)[] Optional =
    [
        ("mt_streams", "type", "character varying"),
        ("mt_events", EventLayout.ClrType, "character varying"), ("mt_events", EventLayout.Correlation, "character varying"),
        ("mt_events", EventLayout.Causation, "character varying"), ("mt_events", EventLayout.Headers, "jsonb"),
    ];

    private static readonly (string Table, string Columns, string Name)[] Keys =
    [
        ("mt_streams", "id", "primary key pkey_mt_streams_id"), ("mt_events", "seq_id", "primary key pkey_mt_events_seq_id"),
        ("mt_events", "stream_id, version", "unique index pk_mt_events_stream_and_version"),
    ];

    private readonly Dictionary<(string Table, string Column), (string Type, bool MustBeGiven)> _columns = [];
    private readonly List<string> _drift = [];

    private LayoutCheck()
    {
    }

    /// <summary>Looks at the tables that are there.</summary>
    /// <returns>The options of the layout; those that this store makes where there are no tables yet.</returns>
    /// <exception cref="EventStoreLayoutException">They differ from the layout; every difference is named.</exception>
    public static async Task<EventLayout> RunAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var check = new LayoutCheck();
        await check.ReadColumnsAsync(connection, cancellation);
        check.CompareColumns();
        await check.CompareKeysAsync(connection, cancellation);
        if (check.Has("mt_events")) await check.CompareSequenceAsync(connection, cancellation);
        if (check._drift.Count > 0) throw new EventStoreLayoutException(check._drift);
        var full = EventLayout.Full with { HasStreamType = !check.Has("mt_streams") || check.Has("mt_streams", "type") };
        return check.Has("mt_events")
            ? full with
            {
                HasClrType = check.Has("mt_events", EventLayout.ClrType),
                HasCorrelation = check.Has("mt_events", EventLayout.Correlation),
                HasCausation = check.Has("mt_events", EventLayout.Causation),
                HasHeaders = check.Has("mt_events", EventLayout.Headers),
            }
            : full;
    }

    private bool Has(string table) => _columns.Keys.Any(column => column.Table == table);

    private bool Has(string table, string column) => _columns.ContainsKey((table, column));

    private async Task ReadColumnsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select table_name, column_name, data_type,
                   is_nullable = 'NO' and column_default is null and is_identity = 'NO' and is_generated = 'NEVER'
            from information_schema.columns where table_schema = 'events' and table_name in ('mt_streams', 'mt_events')
            order by table_name, ordinal_position
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            _columns[(reader.GetString(0), reader.GetString(1))] = (reader.GetString(2), reader.GetBoolean(3));
    }

    private void CompareColumns()
    {
        foreach (var (table, column, type) in Required.Where(required => Has(required.Table)))
        {
            if (!Has(table, column)) _drift.Add($"events.{table}.{column} should be {type} and is missing");
        }

        foreach (var (table, column, type) in Required.Concat(Optional).Where(known => Has(known.Table, known.Column)))
        {
            var found = _columns[(table, column)].Type;
            if (found != type) _drift.Add($"events.{table}.{column} should be {type} and is {found}");
        }

        // Nobody but its owner can fill such a column, so every append would fail on it.
        foreach (var ((table, column), (_, mustBeGiven)) in _columns)
        {
            if (mustBeGiven && !Array.Exists(Required, known => known.Table == table && known.Column == column))
                _drift.Add($"events.{table}.{column} may not be left empty and has no default");
        }
    }

    /// <summary>What keeps versions and positions unique, by what it does: another name for the same index is no harm.</summary>
    private async Task CompareKeysAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select c.relname, 'unique',
                   (select string_agg(a.attname, ', ' order by k.place) from unnest(i.indkey::smallint[]) with ordinality as k (number, place)
                    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number where k.place <= i.indnkeyatts)
            from pg_index i join pg_class c on c.oid = i.indrelid
            where c.relnamespace = to_regnamespace('events') and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
            union all
            select c.relname, 'foreign', pg_get_constraintdef(f.oid)
            from pg_constraint f join pg_class c on c.oid = f.conrelid where c.relnamespace = to_regnamespace('events') and f.contype = 'f'
            """,
            connection);
        var found = new HashSet<(string Table, string Kind, string Text)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                if (!await reader.IsDBNullAsync(2, cancellation)) found.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
            }
        }

        foreach (var (table, columns, name) in Keys)
        {
            // Without one of its columns there is more amiss than the key, and that is told already.
            if (Array.TrueForAll(columns.Split(", "), column => Has(table, column)) && !found.Contains((table, "unique", columns)))
                _drift.Add($"events.{table} should have the {name} ({columns}) and has none");
        }

        if (Has("mt_events", "stream_id") && Has("mt_streams", "id")
            && !found.Contains(("mt_events", "foreign", "FOREIGN KEY (stream_id) REFERENCES events.mt_streams(id) ON DELETE CASCADE")))
            _drift.Add("events.mt_events should have the foreign key fkey_mt_events_stream_id (stream_id) to events.mt_streams (id) on delete cascade");
    }

    private async Task CompareSequenceAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        const string name = "events.mt_events_sequence";
        await using (var command = new NpgsqlCommand($"select to_regclass('{name}') is not null", connection))
        {
            if (!(bool)(await command.ExecuteScalarAsync(cancellation))!)
            {
                _drift.Add($"{name} is missing");
                return;
            }
        }

        // The rows are looked at before the sequence, which only grows: other writers cannot make this report a false drift.
        var highest = 0L;
        if (Has("mt_events", "seq_id") && _columns[("mt_events", "seq_id")].Type == "bigint")
        {
            await using var command = new NpgsqlCommand("select coalesce(max(seq_id), 0) from events.mt_events", connection);
            highest = (long)(await command.ExecuteScalarAsync(cancellation))!;
        }

        await using (var command = new NpgsqlCommand(
            $"select s.seqcache, s.seqincrement, s.seqcycle, n.last_value from pg_sequence s, {name} n where s.seqrelid = '{name}'::regclass", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            await reader.ReadAsync(cancellation);
            // A cached block of numbers, or one drawn downwards, would let a session write far below the high-water mark.
            if (reader.GetInt64(0) != 1) _drift.Add($"{name} should have CACHE 1 and has {reader.GetInt64(0)}");
            if (reader.GetInt64(1) != 1) _drift.Add($"{name} should have INCREMENT 1 and has {reader.GetInt64(1)}");
            if (reader.GetBoolean(2)) _drift.Add($"{name} should have NO CYCLE and has CYCLE");
            if (reader.GetInt64(3) < highest) _drift.Add($"{name} stands at {reader.GetInt64(3)}, below the highest seq_id, {highest}");
        }
    }
}

/// <summary>The database holds tables of other shape than the layout; nothing was changed.</summary>
public sealed class EventStoreLayoutException(IReadOnlyList<string> drift)
    : Exception($"The database differs from the event store's layout: {string.Join("; ", drift)}.")
{
    /// <summary>What differs, one finding each.</summary>
    public IReadOnlyList<string> Drift { get; } = drift;
}
