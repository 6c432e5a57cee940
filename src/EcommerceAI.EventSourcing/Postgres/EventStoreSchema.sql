-- The table layout of a Marten event store (string streams, single tenancy, metadata columns on). Every statement only adds
-- what is missing: a table that is there is never altered, its drift is reported by LayoutCheck instead.
create schema if not exists events;

create table if not exists events.mt_streams (
    id          varchar     not null constraint pkey_mt_streams_id primary key,
    type        varchar     null,
    version     bigint      null,
    timestamp   timestamptz not null default (now()),
    created     timestamptz not null default (now()),
    tenant_id   varchar     default '*DEFAULT*',
    is_archived boolean     default false
);

-- The events with their index and their sequence are one thing: where the table is there it came with both, or was refused. Asking
-- first also waits for nobody, where "create index if not exists" would wait for every writer of the table.
do $$ begin
    if to_regclass('events.mt_events') is null then
        create table events.mt_events (
            seq_id         bigint       not null constraint pkey_mt_events_seq_id primary key,
            id             uuid         not null,
            stream_id      varchar      constraint fkey_mt_events_stream_id references events.mt_streams (id) on delete cascade,
            version        bigint       not null,
            data           jsonb        not null,
            bdata          bytea        null,
            type           varchar(500) not null,
            timestamp      timestamptz  not null,
            tenant_id      varchar      default '*DEFAULT*',
            mt_dotnet_type varchar      null,
            correlation_id varchar      null,
            causation_id   varchar      null,
            headers        jsonb        null,
            is_archived    boolean      default false
        );
        create unique index pk_mt_events_stream_and_version on events.mt_events (stream_id, version);
        create sequence events.mt_events_sequence owned by events.mt_events.seq_id;
    end if;
end $$;

create table if not exists events.mt_event_progression (
    name         varchar     not null constraint pk_mt_event_progression primary key,
    last_seq_id  bigint      null,
    last_updated timestamptz null default (transaction_timestamp())
);

create table if not exists events.mt_high_water_skips (
    ending_sequence   bigint      not null primary key,
    starting_sequence bigint      not null,
    timestamp         timestamptz null default (transaction_timestamp())
);

-- Our own bookkeeping, one file a topic beside this one. No table above gets a column, an index or a function of ours.
create schema if not exists bookkeeping;
