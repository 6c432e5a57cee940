-- One row a projection and generation; its checkpoint moves in the transaction of the rows it speaks for.
create table if not exists bookkeeping.generations (
    projection  text        not null,
    generation  integer     not null,
    version     integer     not null,
    schema_name text        not null,
    checkpoint  bigint      not null default 0,
    state       text        not null check (state in ('building', 'live', 'retired', 'verifying')),
    created     timestamptz not null default now(),
    changed     timestamptz not null default now(),
    primary key (projection, generation)
);
-- The pointer that readers follow: at most one live generation.
do $$ begin
    if to_regclass('bookkeeping.generations_live') is null then
        create unique index generations_live on bookkeeping.generations (projection) where state = 'live';
    end if;
end $$;
