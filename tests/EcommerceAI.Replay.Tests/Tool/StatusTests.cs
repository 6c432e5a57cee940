using System.Text.Json;
using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Timers;
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
            insert into bookkeeping.failures (shard, reason, position) values ('projection:orders', 'No such column.', 3);
            insert into bookkeeping.parked_events (subscription, position, stream_id, event_type, reason) values ('mail', 2, 'product-B', 'product_created', 'no address'), ('mail', 4, 'product-B', 'x', null);
            """);
        await using (var source = NpgsqlDataSource.Create(shop))
        {
            var node = new LeaseOptions { Owner = "node-1", Duration = TimeSpan.FromHours(1) };
            (await new Leases(source, node).TryAcquireAsync("projection:orders")).ShouldNotBeNull();
            await new DurableTimers(source).ScheduleAsync(new TimerRequest("a", "hold", DateTimeOffset.UtcNow.AddDays(-1), new { }));
        }

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
