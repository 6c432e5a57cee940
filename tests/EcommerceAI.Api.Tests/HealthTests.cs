using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Subscriptions;
using EcommerceAI.EventSourcing.Timers;
using EcommerceAI.Projections.Storefront.Products;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EcommerceAI.Api.Tests;

public sealed class HealthTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Blocked = ProductQueries.ProjectionName;

    [Fact]
    public async Task A_host_is_alive_at_once_and_ready_when_its_projections_have_caught_up()
    {
        var (sku, _) = await api.Client.CreateProductAsync();
        await WaitForAsync(HttpStatusCode.OK);
        await api.StopAsync();
        await using (await BlockAsync())
        {
            await using var connection = await api.OpenConnectionAsync();
            await LengthenAsync(connection, sku, 1_500);
            await api.StartAsync();

            (await api.Client.GetAsync("/health/live")).ShouldBe(HttpStatusCode.OK);
            var report = (await api.Client.GetAsync("/health/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);
            ((long?)report.Json["checks"]!["projections"]!["data"]![Blocked]!["lag"])!.Value.ShouldBeGreaterThanOrEqualTo(1_500);
        }

        var ready = await WaitForAsync(HttpStatusCode.OK);
        ((long?)ready.Json["checks"]!["projections"]!["data"]![Blocked]!["lag"])!.Value.ShouldBeLessThanOrEqualTo(1_000);
        ((long?)ready.Json["checks"]!["search"]!["data"]!["feed"]!["position"])!.Value.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_projection_that_stands_still_makes_the_host_unready_and_one_that_is_a_little_behind_does_not()
    {
        var time = new SettableTime();
        await api.RestartAsync(services => services.AddSingleton<TimeProvider>(time));
        await WaitForAsync(HttpStatusCode.OK);
        await using (await BlockAsync())
        {
            await api.Client.CreateProductAsync();
            (await api.Client.GetAsync("/health/ready")).ShouldBe(HttpStatusCode.OK);
            time.Ahead = TimeSpan.FromSeconds(9);
            (await api.Client.GetAsync("/health/ready")).ShouldBe(HttpStatusCode.OK);
            time.Ahead = TimeSpan.FromSeconds(11);
            var report = (await api.Client.GetAsync("/health/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);
            ((string?)report.Json["checks"]!["projections"]!["description"])!.ShouldContain(Blocked);
        }

        await WaitForAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_subscription_that_stopped_and_timers_that_are_parked_make_the_host_degraded_and_not_unready()
    {
        var strict = new StrictSubscription();
        await api.RestartAsync(services => services.AddSingleton<ISubscription>(strict).AddSingleton<ITimerHandler>(new FailingHandler()));
        await api.Client.CreateProductAsync();
        await api.Services.GetRequiredService<DurableTimers>().ScheduleAsync(new TimerRequest("planted", "failing", DateTimeOffset.UtcNow, new { }));
        var degraded = await WaitForChecksAsync("degraded");
        degraded.ShouldBe(HttpStatusCode.OK);
        ((string?)degraded.Json["checks"]!["subscriptions"]!["description"])!.ShouldContain("strict stopped: ");
        ((long?)degraded.Json["checks"]!["subscriptions"]!["data"]!["strict"]!["failedEvent"]!["position"])!.Value.ShouldBeGreaterThan(0);
        ((string?)degraded.Json["checks"]!["timers"]!["description"])!.ShouldContain("1 timers of type failing");

        strict.IsMended = true;
        (await SubscriptionHost.ResumeAsync(new ShardFailures(api.Services.GetRequiredService<EventStore>().Source), "strict")).ShouldBeTrue();
        await api.Services.GetRequiredService<DurableTimers>().CancelAsync("planted");
        await WaitForChecksAsync("healthy");
    }

    /// <summary>Until both checks say so.</summary>
    private async Task<Reply> WaitForChecksAsync(string status)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (true)
        {
            var reply = await api.Client.GetAsync("/health/ready");
            var statuses = new[] { "subscriptions", "timers" }.Select(check => (string?)reply.Json["checks"]![check]!["status"]).ToArray();
            if (statuses.All(found => found == status)) return reply;
            if (DateTime.UtcNow > deadline) statuses.ShouldAllBe(found => found == status, reply.Body);
            await Task.Delay(50);
        }
    }

    /// <summary>Holds the lock that the projection needs to move its checkpoint.</summary>
    private async Task<NpgsqlConnection> BlockAsync()
    {
        var connection = await api.OpenConnectionAsync();
        await ExecuteAsync(connection, $"begin; select * from bookkeeping.generations where projection = '{Blocked}' and state = 'live' for update");
        return connection;
    }

    /// <summary>Adds price changes to a product, as another host would.</summary>
    private static Task LengthenAsync(NpgsqlConnection connection, string sku, int count) => ExecuteAsync(
        connection,
        $$"""
        insert into events.mt_events (seq_id, id, stream_id, version, data, type, timestamp, is_archived)
        select nextval('events.mt_events_sequence'), gen_random_uuid(), 'product-{{sku}}', 1 + n,
               jsonb_build_object('sku', '{{sku}}', 'price', jsonb_build_object('amount', n, 'currency', 'GBP')), 'product_price_changed', now(), false
        from generate_series(1, {{count}}) n;
        update events.mt_streams set version = 1 + {{count}} where id = 'product-{{sku}}'
        """);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<Reply> WaitForAsync(HttpStatusCode status)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (true)
        {
            var reply = await api.Client.GetAsync("/health/ready");
            if (reply.Status == status || DateTime.UtcNow > deadline) return reply.ShouldBe(status);
            await Task.Delay(50);
        }
    }

    private sealed class StrictSubscription : ISubscription
    {
        public bool IsMended { get; set; }

        public string Name => "strict";

        public IReadOnlyList<Type> Handles => [typeof(ProductCreated)];

        public DeliveryPolicy Policy => DeliveryPolicy.Stop;

        public Task DeliverAsync(SubscriptionBatch batch, CancellationToken cancellation) =>
            IsMended ? Task.CompletedTask : throw new InvalidOperationException("planted");
    }

    private sealed class FailingHandler : ITimerHandler
    {
        public string Type => "failing";

        public int MostAttempts => 1;

        public Task FireAsync(DurableTimer timer, CancellationToken cancellation) => throw new InvalidOperationException("planted");
    }

    private sealed class SettableTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
