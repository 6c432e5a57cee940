-- What an operator masked in events that had been written. Hashes are SHA-256 of the text that jsonb gives for the event's data.
create table if not exists bookkeeping.redactions (
    id       bigint      not null generated always as identity primary key,
    position bigint      not null,
    path     text        not null,
    reason   text        not null,
    old_hash bytea       not null,
    new_hash bytea       not null,
    redacted timestamptz not null default now()
);
do $$ begin
    if to_regclass('bookkeeping.redactions_position') is null then
        create index redactions_position on bookkeeping.redactions (position);
    end if;
end $$;
