using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

public sealed class LayoutTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
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
