namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// The statements of a group commit. They travel together in one round trip and form one transaction, however many appends
/// to however many streams they carry.
/// </summary>
internal static class AppendSql
{
    /// <summary>
    /// Locks the streams that are there, in sorted order so that two nodes never wait for each other in a ring. The lock is
    /// the one that a later UPDATE takes anyway; it lets foreign keys of other writers' events through.
    /// </summary>
    public const string LockStreams = "select 1 from events.mt_streams where id = any($1) order by id for no key update";

    /// <summary>
    /// Checks every version and writes what passes. A request with one stream that does not fit is left out as a whole and
    /// draws no sequence number, so a loser leaves no hole. A new stream that another node made since the lock fails on the
    /// primary key, and the queue then runs the requests apart.
    /// </summary>
    /// <remarks>
    /// $1..$4: per stream its request, key, expected version and number of events. $5..$13: per event its stream (1-based place
    /// in the first arrays), place in that stream, id, name, JSON, timestamp, CLR type, and of its request: correlation,
    /// causation, headers. $15..$19: receipts.
    /// </remarks>
    public const string Append =
        """
        with asked as materialized (
            select a.ordinal, a.request, a.id, a.expected, a.events, coalesce(s.version, 0) as version,
                   s.id is not null as present, coalesce(s.is_archived, false) as archived
            from unnest($1::int[], $2::varchar[], $3::bigint[], $4::int[]) with ordinality
                     as a (request, id, expected, events, ordinal)
            left join events.mt_streams s on s.id = a.id
        ), refused as materialized (
            select distinct request from asked where archived or (expected >= 0 and version <> expected)
        ), accepted as materialized (
            select * from asked where request not in (select request from refused)
        ), created as (
            insert into events.mt_streams (id, version, timestamp, created, is_archived)
            select id, events, now(), now(), false from accepted where not present order by id
        ), advanced as (
            update events.mt_streams s set version = a.version + a.events, timestamp = now()
            from accepted a where s.id = a.id and a.present
        ), appended as (
            insert into events.mt_events
                (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers, is_archived)
            select nextval('events.mt_events_sequence'), o.event, o.id, o.version, o.data, o.type, o.happened, o.clr,
                   o.correlation, o.causation, o.headers, false
            from (
                select e.event, a.id, a.version + e.place as version, e.data, e.type, coalesce(e.happened, now()) as happened, e.clr,
                       e.correlation, e.causation, e.headers
                from unnest($5::int[], $6::int[], $7::uuid[], $8::varchar[], $9::jsonb[], $10::timestamptz[], $11::varchar[],
                            $12::varchar[], $13::varchar[], $14::jsonb[]) with ordinality
                         as e (stream, place, event, type, data, happened, clr, correlation, causation, headers, ordinal)
                join accepted a on a.ordinal = e.stream
                order by e.ordinal
            ) o
            returning seq_id, stream_id
        ), positions as materialized (
            select stream_id, max(seq_id) as position from appended group by stream_id
        ), receipted as (
            insert into bookkeeping.receipts (principal, key, request_hash, outcome, position)
            select r.principal, r.key, r.request_hash, r.outcome,
                   coalesce((select max(p.position) from accepted a join positions p on p.stream_id = a.id where a.request = r.request), 0)
            from unnest($15::int[], $16::text[], $17::text[], $18::bytea[], $19::jsonb[]) as r (request, principal, key, request_hash, outcome)
            where r.request not in (select request from refused)
        )
        select a.request, a.id, a.expected, a.version, a.archived, coalesce(p.position, 0)
        from asked a left join positions p on p.stream_id = a.id
        order by a.ordinal
        """;

    /// <summary>Wakes the readers of this database; they poll as well, so a lost wake-up costs time, not events.</summary>
    public const string Notify = "select pg_notify('events_appended', '')";

    /// <summary>
    /// Which of these events are in the log, asked when a connection was lost at commit. Event ids have no index of their
    /// own, their streams do.
    /// </summary>
    public const string FindEvents =
        "select e.id, e.version, e.seq_id from events.mt_events e where e.stream_id = any($1) and e.id = any($2)";

    /// <summary>Which of these receipts are there.</summary>
    public const string FindReceipts =
        """
        select r.principal, r.key from bookkeeping.receipts r
        join unnest($1::text[], $2::text[], $3::bytea[]) as a (principal, key, hash)
          on a.principal = r.principal and a.key = r.key and a.hash = r.request_hash
        """;
}
