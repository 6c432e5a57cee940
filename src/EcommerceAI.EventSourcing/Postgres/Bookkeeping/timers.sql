-- What is to happen at a moment. The id is that of this occurrence: scheduling the key anew draws another, so that what fires the former
-- one cannot take the new one away. A parked timer has failed too often and waits for an operator.
create table if not exists bookkeeping.timers (
    key          text        not null primary key,
    id           uuid        not null,
    type         text        not null,
    due          timestamptz not null,
    payload      jsonb       not null,
    next_attempt timestamptz not null,
    attempts     integer     not null default 0,
    error        text        null,
    parked       timestamptz null,
    created      timestamptz not null default clock_timestamp()
);
do $$ begin
    if to_regclass('bookkeeping.timers_next') is null then
        create index timers_next on bookkeeping.timers (type, next_attempt) where parked is null;
    end if;
end $$;
