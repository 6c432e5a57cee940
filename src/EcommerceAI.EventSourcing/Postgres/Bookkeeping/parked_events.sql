-- Events that a subscription could not take, and what follows them in their streams; delivered when they are replayed. An event that
-- waits only because it follows another has no reason of its own.
create table if not exists bookkeeping.parked_events (
    subscription text        not null,
    position     bigint      not null,
    stream_id    text        not null,
    event_type   text        not null,
    reason       text        null,
    attempts     integer     not null default 0,
    parked       timestamptz not null default clock_timestamp(),
    primary key (subscription, position)
);
do $$ begin
    if to_regclass('bookkeeping.parked_events_stream') is null then
        create index parked_events_stream on bookkeeping.parked_events (subscription, stream_id, position);
    end if;
end $$;
