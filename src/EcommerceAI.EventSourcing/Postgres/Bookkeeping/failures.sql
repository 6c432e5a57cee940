-- Why a projection or subscription stands still, for as long as it does; seen by every node and by the command line.
create table if not exists bookkeeping.failures (
    shard      text        not null primary key,
    reason     text        not null,
    position   bigint      null,
    stream_id  text        null,
    event_type text        null,
    attempts   integer     not null default 1,
    since      timestamptz not null default clock_timestamp(),
    changed    timestamptz not null default clock_timestamp()
);
