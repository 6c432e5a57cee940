using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

public sealed class LayoutTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string ForeignTables =
        """
        create schema events;
        create table events.mt_streams (
            tenant_id varchar default '*DEFAULT*', version bigint, id varchar not null constraint pkey_mt_streams_id primary key,
            snapshot jsonb, snapshot_version integer, type varchar, created timestamptz not null default now(),
            timestamp timestamptz not null default now(), is_archived bool default false);
        create table events.mt_events (
            is_archived bool default false, headers jsonb, user_name varchar, causation_id varchar, correlation_id varchar,
            mt_dotnet_type varchar, tenant_id varchar default '*DEFAULT*', timestamp timestamptz not null default '2020-01-01',
            type varchar(500) not null, bdata bytea, data jsonb not null, version bigint not null,
            stream_id varchar constraint fkey_mt_events_stream_id references events.mt_streams (id) on delete cascade,
            id uuid not null, seq_id bigint not null constraint pkey_mt_events_seq_id primary key);
        create unique index pk_mt_events_stream_and_version on events.mt_events (stream_id, version);
        create sequence events.mt_events_sequence owned by events.mt_events.seq_id;
        create table events.mt_event_progression (
            name varchar constraint pk_mt_event_progression primary key, last_seq_id bigint, last_updated timestamptz default transaction_timestamp());
        insert into events.mt_streams (id, version, type) values ('count-1', 2, 'count');
        insert into events.mt_events (seq_id, id, stream_id, version, data, type, headers)
        select nextval('events.mt_events_sequence'), gen_random_uuid(), 'count-1', v, '{"by": 4, "more": [1]}', 'counted', '{"who": "me", "deep": {"a": 1}}'
        from generate_series(1, 2) v;
        """;

    private const string Fingerprint =
        """
        select coalesce(string_agg(x, '; ' order by x), '') from (
            select n.nspname || '.' || c.relname || '.' || a.attname || ':' || format_type(a.atttypid, a.atttypmod) || coalesce(pg_get_expr(d.adbin, d.adrelid), '') as x
            from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
            where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema' and a.attnum > 0
            union all select nspname from pg_namespace where nspname not like 'pg\_%') f
        """;

    [Fact]
    public async Task Every_column_stands_as_the_layout_says_and_none_besides()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var columns = await database.LinesAsync(
            """
            select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
                || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
            from pg_attribute a join pg_class c on c.oid = a.attrelid
            left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
            where c.relnamespace = 'events'::regnamespace and c.relkind = 'r' and a.attnum > 0
            order by c.relname, a.attnum
            """);
        columns.ShouldBe(
        [
            "mt_event_progression name character varying not null",
            "mt_event_progression last_seq_id bigint",
            "mt_event_progression last_updated timestamp with time zone default transaction_timestamp()",
            "mt_events seq_id bigint not null",
            "mt_events id uuid not null",
            "mt_events stream_id character varying",
            "mt_events version bigint not null",
            "mt_events data jsonb not null",
            "mt_events bdata bytea",
            "mt_events type character varying(500) not null",
            "mt_events timestamp timestamp with time zone not null",
            "mt_events tenant_id character varying default '*DEFAULT*'::character varying",
            "mt_events mt_dotnet_type character varying",
            "mt_events correlation_id character varying",
            "mt_events causation_id character varying",
            "mt_events headers jsonb",
            "mt_events is_archived boolean default false",
            "mt_high_water_skips ending_sequence bigint not null",
            "mt_high_water_skips starting_sequence bigint not null",
            "mt_high_water_skips timestamp timestamp with time zone default transaction_timestamp()",
            "mt_streams id character varying not null",
            "mt_streams type character varying",
            "mt_streams version bigint",
            "mt_streams timestamp timestamp with time zone not null default now()",
            "mt_streams created timestamp with time zone not null default now()",
            "mt_streams tenant_id character varying default '*DEFAULT*'::character varying",
            "mt_streams is_archived boolean default false",
        ]);
    }

    [Fact]
    public async Task Keys_indexes_and_sequence_have_the_names_of_the_layout_and_there_are_no_more()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        (await database.LinesAsync("select indexdef from pg_indexes where schemaname = 'events' order by 1")).ShouldBe(
        [
            "CREATE UNIQUE INDEX mt_high_water_skips_pkey ON events.mt_high_water_skips USING btree (ending_sequence)",
            "CREATE UNIQUE INDEX pk_mt_event_progression ON events.mt_event_progression USING btree (name)",
            "CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON events.mt_events USING btree (stream_id, version)",
            "CREATE UNIQUE INDEX pkey_mt_events_seq_id ON events.mt_events USING btree (seq_id)",
            "CREATE UNIQUE INDEX pkey_mt_streams_id ON events.mt_streams USING btree (id)",
        ], ignoreOrder: true);
        (await database.LinesAsync(
            "select conname, pg_get_constraintdef(oid) from pg_constraint where connamespace = 'events'::regnamespace order by 1")).ShouldBe(
        [
            "fkey_mt_events_stream_id FOREIGN KEY (stream_id) REFERENCES events.mt_streams(id) ON DELETE CASCADE",
            "mt_high_water_skips_pkey PRIMARY KEY (ending_sequence)",
            "pk_mt_event_progression PRIMARY KEY (name)",
            "pkey_mt_events_seq_id PRIMARY KEY (seq_id)",
            "pkey_mt_streams_id PRIMARY KEY (id)",
        ], ignoreOrder: true);
        (await database.ScalarAsync<string>("select pg_get_serial_sequence('events.mt_events', 'seq_id')")).ShouldBe("events.mt_events_sequence");
        (await database.ScalarAsync<long>(
            "select (select count(*) from pg_proc where pronamespace = 'events'::regnamespace) + (select count(*) from pg_trigger where not tgisinternal)")).ShouldBe(0);
    }

    [Fact]
    public async Task Tables_made_and_filled_by_another_program_in_this_layout_are_read_and_appended_to()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        await database.ExecuteAsync(ForeignTables);
        await using var store = await database.OpenAsync();
        var events = await store.Reader.ReadStreamAsync("count-1").ToListAsync();
        events.Select(@event => @event.Data).ShouldBe([new Counted(4), new Counted(4)]);
        events[0].Metadata.Headers!["who"].ShouldBe("me");
        events[0].Metadata.Headers!["deep"].ShouldBe("{\"a\": 1}");

        (await store.AppendAsync("count-1", ExpectedVersion.Exactly(2), [new Counted(1)])).ShouldBeOfType<AppendResult.Appended>().Versions.ShouldBe([3]);
        await new BulkAppend(store).AppendAsync(BulkChunk.Prepare(
            [new BulkEvent("count-1", new NewEvent(new Counted(), Guid.NewGuid(), DateTimeOffset.UnixEpoch))], TestEvents.Types));
        (await store.ReadAllAsync(0).CountAsync()).ShouldBe(4);
        (await database.LinesAsync("select distinct tenant_id from events.mt_events")).ShouldBe(["*DEFAULT*"]);
    }

    [Theory]
    [InlineData("alter table events.mt_events drop column headers", "mt_events.headers should be jsonb and is missing")]
    [InlineData("alter table events.mt_events drop column seq_id cascade", "mt_events.seq_id should be bigint and is missing")]
    [InlineData("alter table events.mt_streams alter column version type integer", "mt_streams.version should be bigint and is integer")]
    [InlineData("drop index events.pk_mt_events_stream_and_version; alter table events.mt_events drop column version", "mt_events.version should be bigint and is missing")]
    [InlineData("alter sequence events.mt_events_sequence cache 20", "CACHE 1 and has 20")]
    [InlineData("alter sequence events.mt_events_sequence increment by -1", "INCREMENT 1 and has -1")]
    [InlineData("select setval('events.mt_events_sequence', 1)", "stands at 1, below the highest seq_id, 2")]
    public async Task A_database_of_another_shape_is_refused_by_name_and_nothing_in_it_is_altered(string change, string finding)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        await database.ExecuteAsync(ForeignTables);
        await database.ExecuteAsync(change);
        var before = await database.ScalarAsync<string>(Fingerprint);
        var refusal = await Should.ThrowAsync<EventStoreLayoutException>(database.OpenAsync);
        refusal.Drift.ShouldContain(drift => drift.Contains(finding));
        (await database.ScalarAsync<string>(Fingerprint)).ShouldBe(before);
    }

    [Fact]
    public async Task Processes_that_open_an_empty_database_at_once_make_it_once()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => database.OpenAsync()));
        foreach (var store in stores)
        {
            (await store.AppendAsync("count-1", ExpectedVersion.Any, [new Counted()])).ShouldBeOfType<AppendResult.Appended>();
            await store.DisposeAsync();
        }

        (await database.CountEventsAsync()).ShouldBe(6);
    }

    [Fact]
    public async Task Opening_a_store_does_not_wait_for_a_writer_that_is_under_way()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var writer = await database.ConnectAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await using (var insert = new Npgsql.NpgsqlCommand("insert into events.mt_streams (id, version) values ('a', 0); " + ForeignWrites.Insert("a", 1), writer))
            await insert.ExecuteNonQueryAsync();
        await using var second = await database.OpenAsync().WaitAsync(TimeSpan.FromSeconds(10));
        (await second.AppendAsync("b", ExpectedVersion.NoStream, [new Counted()])).ShouldBeOfType<AppendResult.Appended>();
    }
}

/// <summary>Plain SQL that writes events as another program would.</summary>
internal static class ForeignWrites
{
    public static string Insert(string streamId, long version, string type = "counted", string json = "{\"by\": 1}") =>
        $"""
        insert into events.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        values (nextval('events.mt_events_sequence'), gen_random_uuid(), '{streamId}', {version}, '{json}', '{type}', now());
        update events.mt_streams set version = {version} where id = '{streamId}'
        """;

    public static string NewStream(string streamId, string type = "counted", string json = "{\"by\": 1}") =>
        $"insert into events.mt_streams (id, version) values ('{streamId}', 0); {Insert(streamId, 1, type, json)}";
}
