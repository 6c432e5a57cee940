-- One key a data subject and purpose. A destroyed key leaves its row: whoever meets one of its ciphertexts then knows that it can
-- never be read again, and no new key takes the name of the old.
create table if not exists bookkeeping.subject_keys (
    id         text        not null primary key,
    key        bytea       null,
    master_key text        null,
    expires    timestamptz null,
    created    timestamptz not null default now(),
    destroyed  timestamptz null
);
do $$ begin
    if to_regclass('bookkeeping.subject_keys_destroyed') is null then
        -- The planner's statistics keep samples of a column's values, and would keep keys that were destroyed.
        alter table bookkeeping.subject_keys alter column key set statistics 0;
        create index subject_keys_master on bookkeeping.subject_keys (master_key) where master_key is not null;
        create index subject_keys_expires on bookkeeping.subject_keys (expires) where expires is not null and key is not null;
        create index subject_keys_destroyed on bookkeeping.subject_keys (destroyed) where destroyed is not null;
    end if;
end $$;
