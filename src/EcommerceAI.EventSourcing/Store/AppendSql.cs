namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// The statements of a group commit. They travel together in one round trip and form one transaction, however many appends
/// to however many streams they carry.
/// </summary>
internal static class AppendSql
{
    /// <summary>What became of a stream or a receipt in <see cref="Careful"/>.</summary>
    public const int Fits = 0;

    /// <summary>The stream is not at its expected version.</summary>
    public const int Conflicts = 1;

    /// <summary>The stream is archived.</summary>
    public const int Archived = 2;

    /// <summary>Another session holds the stream's row; nothing can be said about it yet.</summary>
    public const int Held = 3;

    /// <summary>The receipt is there already.</summary>
    public const int Receipted = 4;

    /// <summary>
    /// Locks the streams that are there and free, checks every version and writes what passes. The lock is the one that a later UPDATE
    /// takes anyway; it lets foreign keys of other writers' events through, and it shows the row as its last writer left it. A stream
    /// that somebody else holds is passed over: nobody waits for it, so there are no rings of waiting nodes, and one stuck session does
    /// not hold up the streams of all other callers. A request with one stream that does not fit is left out as a whole and draws no
    /// sequence number, so a loser leaves no hole. Numbers are drawn after the new streams are made: one that another
    /// node made since the lock fails on the primary key, before a number is drawn, and the queue then asks again.
    /// </summary>
    /// <remarks>
    /// $1..$5: per stream its request, key, expected version, number of events, and the place of its last event. $6..$15: per
    /// event its stream (1-based place in the first arrays) and that stream's key, place in it, id, name, JSON, timestamp, CLR type,
    /// and of its request: correlation, causation, headers ($16). $17..$22: per receipt its request, principal, key, hash, answer
    /// and the place of its request's last event, 0 where there is none. Versions and numbers pass from step to step in arrays,
    /// which are looked up in constant time: a join of two lists without an index would cost their product. Whether a stream is there is
    /// asked with a limit: of an EXISTS the planner makes a hash table of all streams there are.
    /// </remarks>
    public static string Careful(EventLayout layout) =>
        $"""
         with asked as materialized (
             select a.ordinal, a.request, a.id, a.expected, a.events, a.last, coalesce(s.version, 0) as version, s.id is not null as present,
                    case when s.id is null and (select true from events.mt_streams m where m.id = a.id limit 1) then 3
                         when s.is_archived then 2
                         when a.expected >= 0 and a.expected <> coalesce(s.version, 0) then 1
                         else 0 end as kind
             from unnest($1::int[], $2::varchar[], $3::bigint[], $4::int[], $5::int[]) with ordinality
                      as a (request, id, expected, events, last, ordinal)
             left join lateral (
                 select m.id, m.version, m.is_archived from events.mt_streams m where m.id = a.id for no key update skip locked
             ) s on true
         ), known as materialized (
             select r.request, r.key
             from unnest($17::int[], $18::text[], $19::text[]) as r (request, principal, key)
             where exists (select from bookkeeping.receipts x where x.principal = r.principal and x.key = r.key)
         ), refused as materialized (
             select request from asked where kind <> 0 union select request from known
         ), accepted as materialized (
             select * from asked where request not in (select request from refused)
         ), created as (
             insert into events.mt_streams (id, version, timestamp, created, is_archived)
             select id, events, now(), now(), false from accepted where not present order by id
             returning 1
         ), advanced as (
             update events.mt_streams s set version = a.version + a.events, timestamp = now()
             from accepted a where s.id = a.id and a.present
         ), fit as materialized (
             select array_agg(case when request in (select request from refused) then -1 else version end order by ordinal) as versions
             from asked where (select count(*) from created) >= 0
         ), numbered as materialized (
             select e.*, fit.versions[e.stream] as base,
                    case when fit.versions[e.stream] >= 0 then nextval('events.mt_events_sequence') else 0 end as seq
             from fit, unnest($6::int[], $7::varchar[], $8::int[], $9::uuid[], $10::varchar[], $11::jsonb[], $12::timestamptz[],
                              $13::varchar[], $14::varchar[], $15::varchar[], $16::jsonb[]) with ordinality
                           as e (stream, id, place, event, type, data, happened, clr, correlation, causation, headers, ordinal)
         ), drawn as materialized (
             select array_agg(seq order by ordinal) as numbers from numbered
         ), appended as (
             insert into events.mt_events
                 (seq_id, id, stream_id, version, data, type, timestamp, {layout.Optional()}is_archived)
             select seq, event, id, base + place, data, type, coalesce(happened, now()), {layout.Optional("clr", "correlation", "causation", "headers")}false
             from numbered where base >= 0
         ), receipted as (
             insert into bookkeeping.receipts (principal, key, request_hash, outcome, position)
             select r.principal, r.key, r.request_hash, r.outcome, coalesce((select numbers[r.last] from drawn), 0)
             from unnest($17::int[], $18::text[], $19::text[], $20::bytea[], $21::jsonb[], $22::int[])
                      as r (request, principal, key, request_hash, outcome, last)
             where r.request not in (select request from refused)
         )
         select request, kind, id, expected, version, coalesce((select numbers[last] from drawn), 0) from (
             select request, kind, id, expected, version, last, ordinal from asked
             union all
             select request, 4, key, 0, 0, 0, 0 from known
         ) answers
         order by ordinal
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
