using System.Text.Json;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.Tool;

public sealed class StatusTests(ToolFixture tool) : IClassFixture<ToolFixture>
{
    [Fact]
    public async Task A_store_whose_projections_have_caught_up_is_fine_and_one_that_stands_still_is_not()
    {
        var shop = await tool.CreateShopAsync();
        var missing = await ToolFixture.JsonAsync(shop, 1, "status");
        Amiss(missing).ShouldAllBe(text => text.Contains("has no live tables"));
        (await ToolFixture.RunAsync(shop, "rebuild", "all")).ExitCode.ShouldBe(0);

        var fine = await ToolFixture.RunAsync(shop, "status");
        fine.ExitCode.ShouldBe(0, fine.ToString());
        fine.Output.ShouldContain("Nothing is amiss.");
        fine.Output.ShouldContain("high-water mark");

        await ToolFixture.ExecuteAsync(shop, "update bookkeeping.generations set checkpoint = 3, changed = now() - interval '1 hour' where projection = 'storefront_stock'");
        var stopped = await ToolFixture.JsonAsync(shop, 1, "status");
        Amiss(stopped).ShouldHaveSingleItem().ShouldContain("storefront_stock lags by 2");
        stopped.GetProperty("projections").EnumerateArray().Single(row => row.GetProperty("projection").GetString() == "storefront_stock" && row.GetProperty("state").GetString() == "live")
            .GetProperty("lag").GetInt32().ShouldBe(2);
        (await ToolFixture.RunAsync(shop, "status", "--patience", "2h")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_holds_the_mark_back_is_named_and_amiss_only_after_a_while()
    {
        var shop = await tool.CreateShopAsync();
        await ToolFixture.RunAsync(shop, "rebuild", "all");
        await using var source = NpgsqlDataSource.Create(shop + ";Application Name=sleeper[red]");
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var draw = new NpgsqlCommand("select nextval('events.mt_events_sequence')", connection)) await draw.ExecuteNonQueryAsync();
        await ToolFixture.ExecuteAsync(
            shop,
            "insert into events.mt_events (seq_id, id, stream_id, version, data, type, timestamp) values (nextval('events.mt_events_sequence'), gen_random_uuid(), 'product-B', 2, '{}', 'x', now())");

        var patient = await ToolFixture.JsonAsync(shop, 0, "status", "--patience", "1h");
        patient.GetProperty("log").GetProperty("isHeldBack").GetBoolean().ShouldBeTrue();
        patient.GetProperty("log").GetProperty("highWaterMark").GetInt32().ShouldBe(5);
        patient.GetProperty("holders")[0].GetProperty("processId").GetInt32().ShouldBe(connection.ProcessID);
        var impatient = await ToolFixture.RunAsync(shop, "status", "--patience", "0s");
        impatient.ExitCode.ShouldBe(1, impatient.ToString());
        impatient.Output.ShouldContain($"The mark is held back by 'sleeper[red]' (process {connection.ProcessID}, idle in transaction)");
    }

    [Fact]
    public async Task What_has_stopped_is_parked_or_due_is_told_where_the_store_keeps_it()
    {
        var shop = await tool.CreateShopAsync();
        await ToolFixture.RunAsync(shop, "rebuild", "all");
        await ToolFixture.ExecuteAsync(
            shop,
            """
            create table if not exists bookkeeping.failures (shard text primary key, reason text not null, position bigint, stream_id text, event_type text,
                attempts integer not null default 1, since timestamptz not null default clock_timestamp());
            create table if not exists bookkeeping.leases (shard text primary key, owner text not null, token bigint not null default 1,
                acquired timestamptz not null default clock_timestamp(), expires timestamptz not null);
            create table if not exists bookkeeping.parked_events (subscription text, position bigint, stream_id text not null, event_type text not null,
                reason text, attempts integer not null default 0, parked timestamptz not null default clock_timestamp(), primary key (subscription, position));
            create table if not exists bookkeeping.timers (key text primary key, id uuid not null, type text not null, due timestamptz not null, payload jsonb not null,
                next_attempt timestamptz not null, attempts integer not null default 0, error text, parked timestamptz);
            insert into bookkeeping.failures (shard, reason, position) values ('projection:orders', 'No such column.', 3);
            insert into bookkeeping.leases (shard, owner, expires) values ('projection:orders', 'node-1', now() + interval '1 hour');
            insert into bookkeeping.parked_events (subscription, position, stream_id, event_type, reason) values ('mail', 2, 'product-B', 'product_created', 'no address'), ('mail', 4, 'product-B', 'x', null);
            insert into bookkeeping.timers (key, id, type, due, payload, next_attempt) values ('a', gen_random_uuid(), 'hold', now() - interval '1 day', '{}', now());
            """);
        var status = await ToolFixture.JsonAsync(shop, 1, "status");
        Amiss(status).ShouldBe(["projection:orders has stopped: No such column.", "2 events are parked by the subscription mail."]);
        status.GetProperty("leases")[0].GetProperty("owner").GetString().ShouldBe("node-1");
        status.GetProperty("leases")[0].GetProperty("held").GetBoolean().ShouldBeTrue();
        status.GetProperty("parkedEvents")[0].GetProperty("firstPosition").GetInt32().ShouldBe(2);
        status.GetProperty("timers")[0].GetProperty("due").GetInt32().ShouldBe(1);
        var table = await ToolFixture.RunAsync(shop, "status");
        table.Output.ShouldContain("node-1");
    }

    private static string[] Amiss(JsonElement status) => [.. status.GetProperty("amiss").EnumerateArray().Select(text => text.GetString()!)];
}
