namespace EcommerceAI.EventSourcing.Store;

/// <summary>What a batch of quick appends carries beside its events; what it does not carry costs nothing.</summary>
[Flags]
internal enum QuickColumns
{
    None = 0,

    /// <summary>Correlation, causation or headers.</summary>
    Metadata = 1,

    /// <summary>Moments of their own; without them the database's clock counts.</summary>
    Moments = 2,

    /// <summary>Receipts.</summary>
    Receipts = 4,
}

/// <summary>
/// The statements for appends that are expected to pass: one stream each, its version known. They do nothing but write. What does not
/// fit makes the whole batch come back, to be sent again by <see cref="AppendSql.Careful"/>, which tells each what stood against it.
/// </summary>
/// <remarks>
/// Parameters, in this order: per stream its key, the number of its new events and (in <see cref="Moved"/>) the version expected; per
/// event its stream's key, its version, id, name, CLR type and JSON, then correlation, causation, headers and moment where the batch
/// has them; per receipt its principal, key, hash, answer and the place of its last event.
/// </remarks>
internal static class QuickAppendSql
{
    /// <summary>
    /// For streams that must not be there: the primary key says whether one is. A number is drawn only after all streams are made, so
    /// that a loser leaves no hole.
    /// </summary>
    public static string New(QuickColumns columns, EventLayout layout) =>
        $"""
         with created as (
             insert into events.mt_streams (id, version, timestamp, created, is_archived)
             select id, events, now(), now(), false from unnest($1::varchar[], $2::int[]) as a (id, events)
             returning 1
         ), ready as materialized (select count(*) as streams from created)
         {Events(columns, layout, 3, "from ready, ", "where ready.streams >= 0")}
         """;

    /// <summary>
    /// For streams that must be at a version: each is locked where it stands at it and nobody else holds it. Unless all are, nothing is
    /// written: the number of rows says so.
    /// </summary>
    public static string Moved(QuickColumns columns, EventLayout layout) =>
        $"""
         with held as materialized (
             select a.id, a.events
             from unnest($1::varchar[], $2::int[], $3::bigint[]) as a (id, events, expected),
             lateral (
                 select from events.mt_streams m
                 where m.id = a.id and m.version = a.expected and m.is_archived is not true
                 for no key update skip locked
             ) s
         ), ready as materialized (
             select 1 where (select count(*) from held) = cardinality($1::varchar[])
         ), advanced as (
             update events.mt_streams s set version = s.version + h.events, timestamp = now()
             from ready, held h where s.id = h.id
         )
         {Events(columns, layout, 4, "from ready, ", "")}
         """;

    private static string Events(QuickColumns columns, EventLayout layout, int first, string from, string where)
    {
        var metadata = columns.HasFlag(QuickColumns.Metadata);
        var moments = columns.HasFlag(QuickColumns.Moments);
        var next = first;
        string[] arrays =
        [
            $"${next++}::varchar[]", $"${next++}::bigint[]", $"${next++}::uuid[]", $"${next++}::varchar[]", $"${next++}::varchar[]", $"${next++}::jsonb[]",
            .. metadata ? (string[])[$"${next++}::varchar[]", $"${next++}::varchar[]", $"${next++}::jsonb[]"] : [],
            .. moments ? (string[])[$"${next++}::timestamptz[]"] : [],
        ];
        var names = "stream, version, id, type, clr, data" + (metadata ? ", correlation, causation, headers" : "") + (moments ? ", happened" : "");
        var (optional, values) = metadata
            ? (layout.Optional(), layout.Optional("e.clr", "e.correlation", "e.causation", "e.headers"))
            : (layout.WithoutMetadata.Optional(), layout.WithoutMetadata.Optional("e.clr"));
        var insert =
            $"""
             insert into events.mt_events (seq_id, id, stream_id, version, data, type, timestamp, {optional}is_archived)
             select nextval('events.mt_events_sequence'), e.id, e.stream, e.version, e.data, e.type, {(moments ? "coalesce(e.happened, now())" : "now()")}, {values}false
             {from}unnest({string.Join(", ", arrays)}) as e ({names})
             {where}
             returning seq_id
             """;
        if (!columns.HasFlag(QuickColumns.Receipts)) return insert;
        return $"""
                , appended as (
                    {insert}
                ), numbers as materialized (select array_agg(seq_id) as seq from appended
                ), receipted as (
                    insert into bookkeeping.receipts (principal, key, request_hash, outcome, position)
                    select r.principal, r.key, r.request_hash, r.outcome, numbers.seq[r.last]
                    from numbers, unnest(${next++}::text[], ${next++}::text[], ${next++}::bytea[], ${next++}::jsonb[], ${next}::int[])
                         as r (principal, key, request_hash, outcome, last)
                    where numbers.seq is not null
                )
                select unnest(seq) from numbers
                """;
    }
}
