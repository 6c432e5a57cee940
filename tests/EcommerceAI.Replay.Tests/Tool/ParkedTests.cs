using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Subscriptions;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Parked;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.Tool;

/// <summary>product-A has the positions 1, 3 and 5; its mails are refused until they are not.</summary>
public sealed class ParkedTests(ToolFixture tool) : IClassFixture<ToolFixture>
{
    [Fact]
    public async Task Parked_events_are_listed_with_their_reason_and_replayed_once_the_cause_is_gone()
    {
        var shop = await CreateParkedAsync();
        var listed = await ToolFixture.LinesAsync(shop, "parked", "list", "--subscription", "mail");
        listed.Select(one => (one.GetProperty("position").GetInt64(), one.GetProperty("stream").GetString(), one.GetProperty("reason").GetString()))
            .ShouldBe([(1, "product-A", "No address for product-A."), (3, "product-A", null), (5, "product-A", null)]);
        (await ToolFixture.RunAsync(shop, "parked", "list")).Output.ShouldContain("follows the one before");

        await using var store = await EventStore.OpenAsync(shop, ToolFixture.Types);
        await using var subscriptions = new BuiltSubscriptions(store, typeof(ParkedTests).Assembly);
        var replay = new ParkedReplay(store, subscriptions);
        (await replay.RunAsync(null, null, default)).ShouldBe(1, "it is refused still");
        (await ToolFixture.LinesAsync(shop, "parked", "list"))[0].GetProperty("attempts").GetInt32().ShouldBe(2);
        await ToolFixture.ExecuteAsync(shop, "truncate refused");
        (await replay.RunAsync("mail", "product-A", default)).ShouldBe(0);
        (await MailsAsync(shop)).ShouldBe([2, 4, 1, 3, 5]);
        (await ToolFixture.LinesAsync(shop, "parked", "list")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_subscription_that_cannot_be_made_is_named_and_its_events_stay_parked_with_code_1()
    {
        var shop = await CreateParkedAsync();
        // The tool itself has no subscription of that name: it is this assembly's.
        foreach (var arguments in new string[][] { ["parked", "replay"], ["parked", "replay", "--subscription", "mail"] })
        {
            var result = await ToolFixture.RunAsync(shop, arguments);
            result.ExitCode.ShouldBe(1, result.ToString());
            result.Errors.ShouldContain("There is no subscription 'mail' that this tool could run.");
        }

        await using var store = await EventStore.OpenAsync(shop, ToolFixture.Types);
        await using var subscriptions = new BuiltSubscriptions(store, typeof(ParkedTests).Assembly);
        var unknown = await Should.ThrowAsync<ReplayException>(new ParkedReplay(store, subscriptions).RunAsync("engine", null, default));
        unknown.Message.ShouldContain("There are: mail, strict.");
        unknown.Message.ShouldContain(typeof(EngineSubscription).FullName!);
        (await ToolFixture.LinesAsync(shop, "parked", "list")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_discarded_event_is_never_delivered_and_what_follows_it_can_be()
    {
        var shop = await CreateParkedAsync();
        var discard = await ToolFixture.RunAsync(shop, "parked", "discard", "--subscription", "mail", "--position", "1");
        discard.ExitCode.ShouldBe(0, discard.ToString());
        var again = await ToolFixture.RunAsync(shop, "parked", "discard", "--subscription", "mail", "--position", "1");
        (again.ExitCode, again.Errors.Trim()).ShouldBe((1, "The subscription 'mail' has no event parked at position 1."));

        await ToolFixture.ExecuteAsync(shop, "truncate refused");
        await using var store = await EventStore.OpenAsync(shop, ToolFixture.Types);
        await using var subscriptions = new BuiltSubscriptions(store, typeof(ParkedTests).Assembly);
        (await new ParkedReplay(store, subscriptions).RunAsync(null, null, default)).ShouldBe(0);
        (await MailsAsync(shop)).ShouldBe([2, 4, 3, 5]);
    }

    [Fact]
    public async Task What_has_stopped_goes_on_where_it_runs_when_it_is_resumed()
    {
        var shop = await tool.CreateShopAsync();
        await using var store = await EventStore.OpenAsync(shop, ToolFixture.Types);
        var strict = new StrictSubscription();
        await RunAsync(store, strict, status => status.FailedEvent is { Position: 1 }, async until =>
        {
            var wrong = await ToolFixture.RunAsync(shop, "parked", "resume", "strict");
            (wrong.ExitCode, wrong.Errors.Trim()).ShouldBe((1, "Nothing named 'strict' has stopped. These have: subscription:strict."));
            strict.IsMended = true;
            var resumed = await ToolFixture.RunAsync(shop, "parked", "resume", "subscription:strict");
            resumed.ExitCode.ShouldBe(0, resumed.ToString());
            await until(status => status is { Checkpoint: 5, Error: null });
        });
    }

    private async Task<string> CreateParkedAsync()
    {
        var shop = await tool.CreateShopAsync();
        await ToolFixture.ExecuteAsync(shop, $"{MailSubscription.Tables}; insert into refused values ('product-A')");
        await using var store = await EventStore.OpenAsync(shop, ToolFixture.Types);
        await RunAsync(store, new MailSubscription(store.Source), status => status is { Checkpoint: 5, Parked: 3 });
        return shop;
    }

    /// <summary>Runs a subscription until a condition holds, and then something else while it runs.</summary>
    private static async Task RunAsync(
        EventStore store, ISubscription subscription, Func<SubscriptionStatus, bool> condition, Func<Func<Func<SubscriptionStatus, bool>, Task>, Task>? then = null)
    {
        using var watch = new LogWatch(store, NullLogger<LogWatch>.Instance);
        using var host = new SubscriptionHost(store, watch, [subscription], NullLogger<SubscriptionHost>.Instance);
        await watch.StartAsync(default);
        await host.StartAsync(default);
        await UntilAsync(condition);
        await (then?.Invoke(UntilAsync) ?? Task.CompletedTask);
        await host.StopAsync(default);
        await watch.StopAsync(default);

        async Task UntilAsync(Func<SubscriptionStatus, bool> holds)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (!holds((await host.ReadStatusAsync(patience.Token))[0])) await Task.Delay(10, patience.Token);
        }
    }

    private static async Task<List<long>> MailsAsync(string shop)
    {
        await using var source = NpgsqlDataSource.Create(shop);
        await using var command = source.CreateCommand("select position from mails order by id");
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadRowsAsync(row => row.GetInt64(0));
    }
}
