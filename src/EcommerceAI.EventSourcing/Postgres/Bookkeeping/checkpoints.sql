-- How far something that is not a projection has come: a subscription, an import.
create table if not exists bookkeeping.checkpoints (
    name     text        not null primary key,
    position bigint      not null,
    detail   jsonb       null,
    changed  timestamptz not null default now()
);
