-- The answer that an idempotency key got; written in the transaction of the events it speaks for.
create table if not exists bookkeeping.receipts (
    principal    text        not null,
    key          text        not null,
    request_hash bytea       not null,
    outcome      jsonb       not null,
    position     bigint      not null default 0,
    created      timestamptz not null default now(),
    primary key (principal, key)
);
do $$ begin
    if to_regclass('bookkeeping.receipts_created') is null then
        create index receipts_created on bookkeeping.receipts (created);
    end if;
end $$;
