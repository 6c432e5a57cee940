using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.FlashSales;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Xunit.Abstractions;

namespace EcommerceAI.Api.Tests.FlashSales;

/// <summary>
/// Far more buyers than units, over HTTP, with retries, duplicates, dropped connections and a SIGKILL in the middle.
/// <c>ECOMMERCEAI_BUYERS</c> says how many buyers, 400 where it is not set; there is a unit for every twenty of them.
/// </summary>
public sealed class FlashSaleRaceTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const int LimitPerCustomer = 2;

    private static readonly int Buyers =
        int.TryParse(Environment.GetEnvironmentVariable("ECOMMERCEAI_BUYERS"), CultureInfo.InvariantCulture, out var asked) ? asked : 400;

    private static readonly int Units = Buyers / 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Exactly_the_units_are_held_no_customer_has_more_than_the_limit_and_every_reply_is_true_after_a_kill(int processes)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}, {Buyers} buyers, {Units} units");
        var connectionString = await postgres.CreateDatabaseAsync();
        var apis = Enumerable.Range(0, processes).Select(_ => new ApiProcess(connectionString)).ToArray();
        try
        {
            foreach (var api in apis) await api.StartAsync();
            await ScheduleAsync(apis[0].Url);
            var told = new ConcurrentDictionary<int, Told>();
            var buying = BuyAllAsync(apis, seed, told);
            // In the middle: some have their answers, most do not.
            while (told.Count < Buyers / 4) await Task.Delay(5);
            await apis[0].KillAsync();
            await apis[0].StartAsync();
            await buying;
            await CheckAsync(connectionString, told);
        }
        finally
        {
            foreach (var api in apis) api.Dispose();
        }
    }

    private static async Task ScheduleAsync(string url)
    {
        var client = new ApiClient(url);
        client.Http.DefaultRequestHeaders.Authorization = ApiFixture.SignedIn(Roles.Operator);
        (await client.PostAsync("/v1/products", new { sku = "TEA-1", title = "Tea", price = new { amount = 1, currency = "GBP" } })).ShouldBe(HttpStatusCode.Created);
        (await client.PostAsync("/v1/stock/TEA-1/receipts", new { location = "warehouse", quantity = Units + 7 })).ShouldBe(HttpStatusCode.OK);
        var now = DateTimeOffset.UtcNow;
        (await client.PostAsync("/v1/flash-sales", new
        {
            dropId = "sale",
            sku = "TEA-1",
            location = "warehouse",
            quantity = Units,
            startsAt = now.AddMinutes(-1),
            endsAt = now.AddHours(1),
            limitPerCustomer = LimitPerCustomer,
            holdSeconds = 3600,
        })).ShouldBe(HttpStatusCode.Created);
    }

    private static async Task BuyAllAsync(ApiProcess[] apis, int seed, ConcurrentDictionary<int, Told> told)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { Timeout = TimeSpan.FromSeconds(20) };
        http.DefaultRequestHeaders.Authorization = ApiFixture.SignedIn(Roles.Operator);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Buyers), new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (buyer, _) => told[buyer] = await BuyAsync(http, apis, new Random(seed + buyer), buyer));
    }

    /// <summary>Asks until there is an answer: now and then twice at once, now and then without waiting for the reply.</summary>
    private static async Task<Told> BuyAsync(HttpClient http, ApiProcess[] apis, Random random, int buyer)
    {
        while (true)
        {
            var url = apis[random.Next(apis.Length)].Url;
            if (random.Next(5) == 0) await DropAsync(http, url, buyer, TimeSpan.FromMilliseconds(random.Next(8)));
            var twice = random.Next(5) == 0 ? AskAsync(http, url, buyer, CancellationToken.None) : Task.FromResult<Told?>(null);
            var answer = await AskAsync(http, apis[random.Next(apis.Length)].Url, buyer, CancellationToken.None);
            if (await twice is { } other && answer is not null) other.ShouldBe(answer);
            if (answer is not null) return answer;
            await Task.Delay(random.Next(5, 40));
        }
    }

    /// <summary>The connection goes away before the reply comes, if it does.</summary>
    private static async Task DropAsync(HttpClient http, string url, int buyer, TimeSpan after)
    {
        using var gone = new CancellationTokenSource(after);
        try
        {
            await AskAsync(http, url, buyer, gone.Token);
        }
        catch (OperationCanceledException)
        {
            // That was the point.
        }
    }

    /// <summary>Null where nobody knows: no connection, no reply, or "come back in a moment".</summary>
    private static async Task<Told?> AskAsync(HttpClient http, string url, int buyer, CancellationToken cancellation)
    {
        try
        {
            using var reply = await http.PostAsJsonAsync(
                $"{url}/v1/flash-sales/sale/reservations", new { reservationId = $"r{buyer}", customerId = CustomerOf(buyer), quantity = 1 }, cancellation);
            if (reply.StatusCode == HttpStatusCode.ServiceUnavailable) return null;
            var json = JsonNode.Parse(await reply.Content.ReadAsStringAsync(cancellation))!;
            if (reply.StatusCode == HttpStatusCode.Created) return new Told((string)json["status"]!, (long)json["ticket"]!);
            reply.StatusCode.ShouldBe(HttpStatusCode.Conflict, json.ToJsonString());
            return new Told((string)json["code"]!, 0);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException || (lost is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Four buyers a customer, so that the limit is reached by many.</summary>
    private static string CustomerOf(int buyer) => $"c{buyer / 4}";

    private static async Task CheckAsync(string connectionString, ConcurrentDictionary<int, Told> told)
    {
        await using var store = await EventStore.OpenAsync(connectionString, new EventTypes(BoundedContext.Scan().SelectMany(context => context.EventNames)));
        var held = new List<DropUnitsHeld>();
        await foreach (var @event in store.Reader.ReadStreamAsync(Drop.StreamKey("sale"), 1))
        {
            if (@event.Data is DropUnitsHeld one) held.Add(one);
        }

        held.Count.ShouldBe(Units);
        held.Select(one => one.ReservationId).ShouldBeUnique();
        held.Select(one => one.Ticket).ShouldBe(Enumerable.Range(1, Units).Select(ticket => (long)ticket));
        held.GroupBy(one => one.CustomerId).ShouldAllBe(units => units.Count() <= LimitPerCustomer);
        told.Count.ShouldBe(Buyers);
        var tickets = held.ToDictionary(one => one.ReservationId, one => one.Ticket);
        foreach (var (buyer, answer) in told)
        {
            if (tickets.TryGetValue($"r{buyer}", out var ticket)) answer.ShouldBe(new Told("held", ticket));
            else answer.ShouldBeOneOf(new Told("sold_out", 0), new Told("limit_per_customer", 0));
        }
    }

    /// <summary>What a buyer was told.</summary>
    private sealed record Told(string Answer, long Ticket);
}
