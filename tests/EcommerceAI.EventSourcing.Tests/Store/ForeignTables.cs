namespace EcommerceAI.EventSourcing.Tests.Store;

/// <summary>
/// The tables of the layout as another program makes and fills them, with plain SQL and with options of its own; none of it is our
/// store's code.
/// </summary>
internal static class ForeignTables
{
    /// <summary>What an option leaves in or out, by name.</summary>
    public static IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["all columns"] = Create(),
        ["no correlation"] = Create(without: ["correlation_id"]),
        ["no causation"] = Create(without: ["causation_id"]),
        ["no headers"] = Create(without: ["headers"]),
        ["no CLR type"] = Create(without: ["mt_dotnet_type"]),
        ["no metadata at all"] = Create(without: ["correlation_id", "causation_id", "headers", "mt_dotnet_type"]),
        ["no bdata and no tenant"] = Create(without: ["bdata", "tenant_id"]),
        ["the least there can be"] = Create(without: ["correlation_id", "causation_id", "headers", "mt_dotnet_type", "bdata", "tenant_id", "type of stream"]),
        ["with snapshot columns"] = Create(more: ["snapshot jsonb", "snapshot_version integer"]),
        ["with a user name"] = Create(eventsMore: ["user_name varchar"]),
        ["in another order"] = Create(backwards: true),
        ["in another order, least"] = Create(without: ["correlation_id", "headers", "bdata"], more: ["snapshot jsonb", "snapshot_version integer"], backwards: true),
        ["under other names of keys"] = Create().Replace("constraint pkey_mt_streams_id ", "", StringComparison.Ordinal)
            .Replace("pk_mt_events_stream_and_version", "ix_of_another_name", StringComparison.Ordinal),
    };

    /// <summary>Two streams with events, one of them without a type, and the marks of two numbers that were never used.</summary>
    public const string Fill =
        """
        insert into events.mt_streams (id, version) values ('count-1', 2), ('count-2', 1), ('mt_tombstone', 0);
        insert into events.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        select nextval('events.mt_events_sequence'), gen_random_uuid(), s, v, d::jsonb, t, '2020-02-03T04:05:06Z'
        from (values ('count-1', 1, '{"by": 4, "more": [1]}', 'counted'), ('mt_tombstone', -1, '{}', 'tombstone'), ('count-2', 1, '{"by": 7}', 'counted'),
                     ('mt_tombstone', -2, '{}', 'tombstone'), ('count-1', 2, '{"by": 5}', 'counted')) as a (s, v, d, t);
        """;

    /// <summary>Every table, column, default, key, index, sequence, function and schema of the database, as one text.</summary>
    public const string Fingerprint =
        """
        select coalesce(string_agg(x, E'\n' order by x), '') from (
            select n.nspname || '.' || c.relname || '.' || a.attname || ':' || a.attnum || format_type(a.atttypid, a.atttypmod) || a.attnotnull
                || coalesce(pg_get_expr(d.adbin, d.adrelid), '') as x
            from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
            where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema' and a.attnum > 0
            union all select nspname from pg_namespace where nspname not like 'pg\_%'
            union all select indexdef from pg_indexes where schemaname not like 'pg\_%'
            union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
                where connamespace = to_regnamespace('events')
            union all select schemaname || '.' || sequencename || ' ' || cache_size || ' ' || increment_by || ' ' || cycle || ' ' || coalesce(last_value, 0) from pg_sequences
            union all select p.oid::regprocedure::text from pg_proc p where p.pronamespace = to_regnamespace('events')) f
        """;

    private static string Create(string[]? without = null, string[]? more = null, string[]? eventsMore = null, bool backwards = false)
    {
        var absent = without ?? [];
        string[] streams =
        [
            "id varchar not null constraint pkey_mt_streams_id primary key", .. absent.Contains("type of stream") ? Array.Empty<string>() : ["type varchar"],
            "version bigint", "timestamp timestamptz not null default now()", .. more ?? [], "created timestamptz not null default now()",
            "tenant_id varchar default '*DEFAULT*'", "is_archived bool default false",
        ];
        string[] events =
        [
            "seq_id bigint not null constraint pkey_mt_events_seq_id primary key", "id uuid not null",
            "stream_id varchar constraint fkey_mt_events_stream_id references events.mt_streams (id) on delete cascade", "version bigint not null",
            "data jsonb not null", "bdata bytea", "type varchar(500) not null", "timestamp timestamptz not null default '2020-01-01'",
            "tenant_id varchar default '*DEFAULT*'", "mt_dotnet_type varchar", "correlation_id varchar", "causation_id varchar", "headers jsonb",
            .. eventsMore ?? [], "is_archived bool default false",
        ];
        return $"""
            create schema events;
            create table events.mt_streams ({Columns(streams, absent, backwards)});
            create table events.mt_events ({Columns(events, absent, backwards)});
            create unique index pk_mt_events_stream_and_version on events.mt_events (stream_id, version);
            create sequence events.mt_events_sequence owned by events.mt_events.seq_id;
            create table events.mt_event_progression (
                name varchar constraint pk_mt_event_progression primary key, last_seq_id bigint, last_updated timestamptz default transaction_timestamp());
            """;
    }

    private static string Columns(string[] columns, string[] without, bool backwards)
    {
        var left = columns.Where(column => !without.Contains(column.Split(' ')[0]));
        return string.Join(", ", backwards ? left.Reverse() : left);
    }
}
