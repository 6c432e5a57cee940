-- Who runs a shard (a projection, a subscription, a type of timer) until when, by the clock of this database. The token rises with
-- every takeover. It is part of a unique key, so that a writer's KEY SHARE lock holds off a takeover and lets renewals through.
create table if not exists bookkeeping.leases (
    shard    text        not null primary key,
    owner    text        not null,
    token    bigint      not null default 1,
    acquired timestamptz not null default clock_timestamp(),
    expires  timestamptz not null,
    unique (shard, token)
);
