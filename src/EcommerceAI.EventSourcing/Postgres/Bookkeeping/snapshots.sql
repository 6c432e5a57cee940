-- States of long streams at a version, so that a command need not fold the whole stream. Each can be left out at any moment: it is only
-- used where the event that it stands at is still the same, and the state's type still has the shape it was written in.
create table if not exists bookkeeping.snapshots (
    stream_id text        not null,
    state     text        not null,
    shape     text        not null,
    version   bigint      not null,
    event_id  uuid        not null,
    body      jsonb       not null,
    written   timestamptz not null default clock_timestamp(),
    primary key (stream_id, state)
);
