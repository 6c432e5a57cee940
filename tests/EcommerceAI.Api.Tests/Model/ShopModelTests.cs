using System.Globalization;
using EcommerceAI.Commerce.Payments;
using EcommerceAI.EventSourcing.Store;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace EcommerceAI.Api.Tests.Model;

/// <summary>
/// Random commands of many clients at once against the real API, held against a plain model of the shop; <c>ECOMMERCEAI_SEEDS</c> says how
/// many runs, 3 where it is not set, and <c>ECOMMERCEAI_SEED</c> which is the first.
/// </summary>
public sealed class ShopModelTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Clients = 6;
    private const int Steps = 40;
    private const int Products = 4;
    private const int MostFailures = 8;

    private readonly ApiFixture _api = new() { Settings = ["--Payments:Backoff=00:00:00.05", "--Payments:BreakerPause=00:00:00.5"] };

    public Task InitializeAsync() => _api.InitializeAsync();

    public Task DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Whatever_many_clients_ask_at_once_the_shop_says_and_holds_what_a_plain_model_of_it_does()
    {
        await Orders.CheckoutSteps.OfferDeliveryAsync(_api.Client);
        var first = Setting("ECOMMERCEAI_SEED", 1);
        var calls = new List<ShopCall>();
        var failures = new List<string>();
        for (var seed = first; seed < first + Setting("ECOMMERCEAI_SEEDS", 3) && failures.Count < MostFailures; seed++)
        {
            if (await Record.ExceptionAsync(() => RunAsync(seed, calls)) is { } failure) failures.Add(failure.Message);
        }

        foreach (var kind in calls.GroupBy(call => call.Command.GetType().Name).OrderBy(kind => kind.Key, StringComparer.Ordinal))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind.Key}: {kind.Count(call => call.IsAccepted)} of {kind.Count()} accepted"));
        foreach (var slow in calls.OrderByDescending(call => call.Took).Take(5))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"slow: {slow.Took.TotalMilliseconds:0} ms {slow.Command.Method} {slow.Command.Path}"));
        if (failures.Count > 0) Assert.Fail(string.Join("\n\n", failures));
    }

    private async Task RunAsync(int seed, List<ShopCall> calls)
    {
        var where = string.Create(CultureInfo.InvariantCulture, $"ECOMMERCEAI_SEED={seed}");
        var random = new Random(seed);
        var run = new ShopRun(_api, seed, Products);
        var start = await _api.QueryAsync<long>("select coalesce(max(seq_id), 0) from events.mt_events");
        await OpenAsync(run, random);
        var clients = Enumerable.Range(0, Clients).Select(number => new ShopClient(run, number, new Random(random.Next()))).ToList();
        foreach (var client in clients) await client.RegisterAsync();
        await Task.WhenAll(clients.Select(client => client.RunAsync(Steps)));
        calls.AddRange(run.Calls);
        var shop = new ModelShop();
        foreach (var client in clients) shop.Wishes[client.Customer] = [];
        string[] orders = [.. run.Calls.Where(call => call.IsAccepted && call.Command is OrderCart or PlaceOrder).Select(call => call.Shown("orderId")!)];
        await Task.WhenAll(orders.Select(order => Eventually.TrueAsync($"{where}: order {order} is through with its provider", () => IsQuietAsync(order))));

        var history = new ShopHistory(shop, run.Calls, await ToldAsync(start, [.. orders]));
        if (history.FindDifference() is { } difference) Assert.Fail($"{where}: {difference}");
        await new ReadModelCheck(_api, shop, history, where).CompareAsync();
    }

    /// <summary>The products with some stock, and prices.</summary>
    private async Task OpenAsync(ShopRun run, Random random)
    {
        var connection = new ShopConnection(run, "opening", new Random(random.Next()));
        foreach (var sku in run.Skus)
        {
            await connection.SendAsync(_api.Client, new CreateProduct(sku, random.Next(100, 1_000) / 100m));
            await connection.SendAsync(_api.Client, new Receive(sku, random.Next(10, 60)));
        }
    }

    private async Task<bool> IsQuietAsync(string order)
    {
        var store = _api.Services.GetRequiredService<EventStore>();
        var payment = await store.LoadAsync(Payment.StreamKey(order), Payment.Initial, (state, @event) => Payment.Evolve(state, (Commerce.DomainEvent)@event));
        return payment.State.Outstanding.Count == 0;
    }

    /// <summary>What the provider said, in order of the log.</summary>
    private async Task<List<LogEntry>> ToldAsync(long after, HashSet<string> orders)
    {
        var told = new List<LogEntry>();
        await foreach (var recorded in _api.Services.GetRequiredService<EventStore>().ReadAllAsync(after))
        {
            (string Type, string? Operation)? answer = recorded.Data switch
            {
                PaymentAuthorised => ("payment_authorised", null),
                PaymentDeclined => ("payment_declined", null),
                PaymentCaptured captured => ("payment_captured", captured.OperationId),
                PaymentCaptureFailed failed => ("payment_capture_failed", failed.OperationId),
                _ => null,
            };
            if (answer is { } said && orders.Contains(((PaymentEvent)recorded.Data).PaymentId))
                told.Add(new LogEntry(recorded.Position, null, said.Type, ((PaymentEvent)recorded.Data).PaymentId, said.Operation));
        }

        return told;
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var asked) ? asked : otherwise;
}
