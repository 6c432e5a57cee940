using EcommerceAI.Api.Payments;
using EcommerceAI.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EcommerceAI.Api.Tests.Orders;

/// <summary>From cart to return over HTTP, with the real store, the real process and the sandbox.</summary>
public sealed class CheckoutTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private ApiClient Client => api.Client;

    [Fact]
    public async Task A_cart_shows_its_lines_and_totals_and_what_is_saved_for_later()
    {
        var (sku, _) = await Client.CreateProductAsync(1.335m);
        var (other, _) = await Client.CreateProductAsync(2m);
        var cart = await Client.FillCartAsync(sku, 3);
        (await Client.PostAsync($"/v1/carts/{cart}/lines", new { sku = other, quantity = 1 })).ShouldBe(HttpStatusCode.OK);
        (await Client.PutAsync($"/v1/carts/{cart}/lines/{sku}", new { quantity = 4 })).ShouldBe(HttpStatusCode.OK);
        var saved = (await Client.PutAsync($"/v1/carts/{cart}/lines/{other}/saved", new { saved = true })).ShouldBe(HttpStatusCode.OK);
        ((long?)saved.Json["goods"]!["minor"]).ShouldBe(534);

        var view = (await Client.GetAfterAsync($"/v1/carts/{cart}", saved)).ShouldBe(HttpStatusCode.OK);

        view.ETag.ShouldBe(saved.ETag);
        view.Json["lines"]!.AsArray().Select(line => $"{line!["sku"]} {line["quantity"]} {line["amount"]}").ShouldBe([$"{sku} 4 534"]);
        view.Json["saved"]!.AsArray().Select(line => (string?)line!["sku"]).ShouldBe([other]);
        (await Client.PostAsync($"/v1/carts/{cart}/lines", new { sku = "NO-SUCH", quantity = 1 })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid_fields");
    }

    [Fact]
    public async Task Of_two_who_change_the_cart_they_saw_one_wins()
    {
        var (sku, _) = await Client.CreateProductAsync();
        var cart = await Client.FillCartAsync(sku, 1);

        var replies = await Task.WhenAll(Enumerable.Range(2, 6).Select(quantity =>
            Client.PutAsync($"/v1/carts/{cart}/lines/{sku}", new { quantity }, ("If-Match", "\"2\""))));

        replies.Count(reply => reply.Status == HttpStatusCode.OK).ShouldBe(1);
        foreach (var late in replies.Where(reply => reply.Status != HttpStatusCode.OK)) late.ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version_mismatch");
    }

    [Fact]
    public async Task Lines_that_are_added_all_at_once_are_all_in_the_cart()
    {
        var (sku, _) = await Client.CreateProductAsync();
        var cart = await Client.FillCartAsync(sku, 1);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Client.PostAsync($"/v1/carts/{cart}/lines", new { sku, quantity = 1 })));

        replies.ShouldAllBe(reply => reply.Status == HttpStatusCode.OK);
        replies.Max(reply => (long)reply.Json["units"]!).ShouldBe(21);
    }

    [Fact]
    public async Task Signing_in_lays_the_guests_cart_into_the_customers_and_closes_it()
    {
        var (sku, _) = await Client.CreateProductAsync();
        var customer = (string)(await Client.PostAsync("/v1/customers", new { country = "GB" })).Json["customerId"]!;
        var (mine, guest) = (await Client.FillCartAsync(sku, 1, customer), await Client.FillCartAsync(sku, 2));

        var merged = (await Client.PostAsync($"/v1/carts/{mine}/merges", new { fromCartId = guest })).ShouldBe(HttpStatusCode.OK);

        ((long?)merged.Json["units"]).ShouldBe(3);
        (await Client.PostAsync($"/v1/carts/{guest}/lines", new { sku, quantity = 1 })).ShouldBeProblem(HttpStatusCode.Conflict, "cart_closed");
        ((string?)(await Client.GetAfterAsync($"/v1/carts/{guest}", merged)).Json["status"]).ShouldBe("merged");
        var wished = (await Client.PutAsync($"/v1/customers/{customer}/wishes/{sku}", new { wished = true })).ShouldBe(HttpStatusCode.OK);
        (await Client.GetAfterAsync($"/v1/customers/{customer}/wishes", wished)).Json["skus"]!.AsArray().Select(one => (string?)one).ShouldBe([sku]);
    }

    [Fact]
    public async Task An_order_is_confirmed_shipped_invoiced_returned_and_its_money_agrees_to_the_penny()
    {
        await Client.OfferDeliveryAsync();
        var (sku, _) = await Client.CreateStockedProductAsync(10, price: 3.3333m);
        var placed = (await Client.OrderCartAsync(await Client.ReadyCartAsync(sku, 3))).ShouldBe(HttpStatusCode.Created);
        ((string?)placed.Json["state"]).ShouldBe("confirmed");
        ((long?)placed.Json["total"]!["minor"]).ShouldBe(1495);
        var id = (string)placed.Json["orderId"]!;

        var first = (await Client.PostAsync($"/v1/orders/{id}/shipments", new { lines = new[] { new { sku, quantity = 1 } } })).ShouldBe(HttpStatusCode.Created);
        ((long?)first.Json["amount"]!["minor"], (bool?)first.Json["hasLeft"]).ShouldBe((828, true));
        (await Client.PostAsync($"/v1/orders/{id}/changes", new { lines = new[] { new { sku, quantity = 1 } } })).ShouldBe(HttpStatusCode.OK);
        (await Client.PostAsync($"/v1/orders/{id}/shipments", new { })).ShouldBe(HttpStatusCode.Created);
        (await Client.PostAsync($"/v1/orders/{id}/returns", new { lines = new[] { new { sku, quantity = 2 } } })).ShouldBe(HttpStatusCode.Created);
        (await Client.PostAsync($"/v1/orders/{id}/refunds", new { amount = 495, reason = "late" })).ShouldBe(HttpStatusCode.Created);

        await UntilAsync(id, "payment_refunded", 2);
        await UntilAsync(id, "payment_voided", 1);
        var account = api.Services.GetRequiredService<SandboxProvider>().AccountOf(id)!;
        (account.Captured, account.Refunded, account.IsVoided).ShouldBe((1162, 1162, true));
        (await api.QueryAsync<long>($"select count(*) from events.mt_events where type = 'invoice_issued' and data ->> 'orderId' = '{id}'")).ShouldBe(2);
        (await api.QueryAsync<long>($"select count(*) from events.mt_events where type = 'credit_note_issued' and data ->> 'orderId' = '{id}'")).ShouldBe(2);
        (await api.QueryAsync<long>($"select count(*) from events.mt_events where data::text like '%Ada%'")).ShouldBe(0);
    }

    [Fact]
    public async Task What_comes_back_pays_for_what_goes_out_for_it_and_the_rest_is_given_back()
    {
        await Client.OfferDeliveryAsync();
        var (dear, _) = await Client.CreateStockedProductAsync(5, price: 10m);
        var (cheap, _) = await Client.CreateStockedProductAsync(5, price: 7.5m);
        var id = (string)(await Client.OrderCartAsync(await Client.ReadyCartAsync(dear, 1))).ShouldBe(HttpStatusCode.Created).Json["orderId"]!;
        (await Client.PostAsync($"/v1/orders/{id}/shipments", new { })).ShouldBe(HttpStatusCode.Created);
        Task<Reply> ExchangeAsync(int quantity) => Client.PostAsync(
            $"/v1/orders/{id}/exchanges", new { lines = new[] { new { sku = dear, quantity = 1 } }, replacements = new[] { new { sku = cheap, quantity } } });

        (await ExchangeAsync(2)).ShouldBeProblem(HttpStatusCode.Conflict, "exchange_exceeds_refund");
        var exchanged = (await ExchangeAsync(1)).ShouldBe(HttpStatusCode.Created);

        ((long?)exchanged.Json["credit"]!["minor"], (long?)exchanged.Json["refund"]!["minor"]).ShouldBe((1000, 250));
        await UntilAsync(id, "payment_refunded", 1);
        api.Services.GetRequiredService<SandboxProvider>().AccountOf(id)!.Refunded.ShouldBe(250);
        var sent = (string)exchanged.Json["exchangeOrderId"]!;
        (await Client.PostAsync($"/v1/orders/{sent}/shipments", new { })).ShouldBe(HttpStatusCode.Created);
        (await CountAsync($"order-{sent}", "order_shipped")).ShouldBe(1);
    }

    [Fact]
    public async Task A_promotion_with_a_limit_is_counted_with_the_order_and_given_back_with_a_decline()
    {
        await Client.OfferDeliveryAsync();
        var (sku, _) = await Client.CreateStockedProductAsync(5, price: 10m);
        var promotion = ApiClient.NewSku();
        var made = (await Client.PostAsync(
            "/v1/promotions",
            new
            {
                promotionId = promotion,
                terms = new { name = "A tenth off", discount = new { percentOff = 10 }, scope = new { skus = new[] { sku } }, conditions = new { limitTotal = 1 } },
            })).ShouldBe(HttpStatusCode.Created);
        (await Client.GetAfterAsync("/v1/promotions", made)).ShouldBe(HttpStatusCode.OK);

        var declined = (await Client.OrderCartAsync(await Client.ReadyCartAsync(sku, 1, "tok_declined"))).ShouldBe(HttpStatusCode.Created);
        ((long?)declined.Json["total"]!["minor"]).ShouldBe(1395);
        (await CountAsync($"promotion-{promotion}", "promotion_redemption_released")).ShouldBe(1);
        await Wait.UntilAsync(async () => (int?)(await Client.GetAsync($"/v1/promotions/{promotion}")).Json["redeemed"] == 0, "the price list to know");
        var first = (await Client.OrderCartAsync(await Client.ReadyCartAsync(sku, 1))).ShouldBe(HttpStatusCode.Created);
        ((long?)first.Json["total"]!["minor"]).ShouldBe(1395);
    }

    [Fact]
    public async Task A_declined_payment_leaves_the_stock_free_and_the_cart_open()
    {
        await Client.OfferDeliveryAsync();
        var (sku, _) = await Client.CreateStockedProductAsync(1);
        var cart = await Client.ReadyCartAsync(sku, 1, "tok_declined");

        ((string?)(await Client.OrderCartAsync(cart)).ShouldBe(HttpStatusCode.Created).Json["state"]).ShouldBe("cancelled");
        (await Client.PutAsync($"/v1/carts/{cart}/payment", new { method = "wallet", token = "tok_ok" })).ShouldBe(HttpStatusCode.OK);

        ((string?)(await Client.OrderCartAsync(cart)).ShouldBe(HttpStatusCode.Created).Json["state"]).ShouldBe("paid");
    }

    [Theory]
    [InlineData("tok_timeout")]
    [InlineData("tok_lost")]
    [InlineData("tok_pending")]
    [InlineData("tok_twice")]
    [InlineData("tok_unordered")]
    public async Task However_the_provider_answers_the_order_is_paid_once(string token)
    {
        await Client.OfferDeliveryAsync();
        var (sku, _) = await Client.CreateStockedProductAsync(1);

        var id = (string)(await Client.OrderCartAsync(await Client.ReadyCartAsync(sku, 1, token, "wallet"))).ShouldBe(HttpStatusCode.Created).Json["orderId"]!;

        await UntilAsync(id, "payment_captured", 1);
        (await CountAsync($"order-{id}", "order_confirmed")).ShouldBe(1);
        api.Services.GetRequiredService<SandboxProvider>().AccountOf(id)!.Captured.ShouldBe(745);
    }

    [Fact]
    public async Task The_same_key_places_one_order()
    {
        await Client.OfferDeliveryAsync();
        var (sku, _) = await Client.CreateStockedProductAsync(5);
        var cart = await Client.ReadyCartAsync(sku, 1);

        var first = (await Client.OrderCartAsync(cart, ("Idempotency-Key", "once"))).ShouldBe(HttpStatusCode.Created);
        var again = (await Client.OrderCartAsync(cart, ("Idempotency-Key", "once"))).ShouldBe(HttpStatusCode.Created);

        again.IsReplay.ShouldBeTrue();
        ((string?)again.Json["orderId"], (string?)again.Json["state"]).ShouldBe(((string?)first.Json["orderId"], "confirmed"));
        (await Client.OrderCartAsync(cart)).ShouldBeProblem(HttpStatusCode.Conflict, "cart_closed");
    }

    [Fact]
    public async Task A_total_that_the_buyer_was_not_shown_is_refused_and_a_checkout_names_what_is_missing()
    {
        await Client.OfferDeliveryAsync();
        var (sku, _) = await Client.CreateStockedProductAsync(5);
        var cart = await Client.FillCartAsync(sku, 1);
        var missing = (await Client.OrderCartAsync(cart)).ShouldBeProblem(HttpStatusCode.Conflict, "checkout_incomplete");
        missing.Json["errors"]!.AsObject().Select(error => error.Key).ShouldBe(["address", "delivery", "payment"]);
        await Client.SayAsync(cart);

        (await Client.PostAsync($"/v1/carts/{cart}/order", new { expectedTotal = 1 })).ShouldBeProblem(HttpStatusCode.Conflict, "total_changed");
        (await Client.PostAsync($"/v1/carts/{cart}/order", new { expectedTotal = 745 })).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Of_forty_buyers_of_ten_units_ten_are_paid_and_thirty_are_told()
    {
        await Client.OfferDeliveryAsync();
        var (sku, _) = await Client.CreateStockedProductAsync(10);
        var carts = new List<string>();
        for (var i = 0; i < 40; i++) carts.Add(await Client.ReadyCartAsync(sku, 1, method: "wallet"));

        var replies = await Task.WhenAll(carts.Select(cart => Client.OrderCartAsync(cart)));

        replies.Count(reply => reply.Status == HttpStatusCode.Created && (string?)reply.Json["state"] == "paid").ShouldBe(10);
        foreach (var told in replies.Where(reply => reply.Status != HttpStatusCode.Created)) told.ShouldBeProblem(HttpStatusCode.Conflict, "insufficient_stock");
        (await CountAsync($"stock-{sku}@warehouse", "stock_allocated")).ShouldBe(10);
    }

    [Fact]
    public async Task A_notice_without_the_right_signature_is_refused()
    {
        var body = """{"paymentId":"o1","operationId":"authorisation","succeeded":true}"""u8.ToArray();
        var signature = api.Services.GetRequiredService<NoticeSignature>().Sign(body);
        Task<Reply> SendAsync(byte[] sent, string signed) =>
            Client.SendAsync(HttpMethod.Post, "/v1/payments/notices", new ByteArrayContent(sent), ("Payment-Signature", signed));

        (await SendAsync(body, "t=1,v1=" + new string('0', 64))).ShouldBeProblem(HttpStatusCode.Unauthorized, "invalid_signature");
        (await SendAsync([.. body, (byte)' '], signature)).ShouldBeProblem(HttpStatusCode.Unauthorized, "invalid_signature");
        (await SendAsync(body, signature)).ShouldBeProblem(HttpStatusCode.NotFound, "unknown_payment");
    }

    [Fact]
    public async Task An_order_of_a_host_that_went_down_before_the_provider_was_asked_is_finished_by_the_next()
    {
        await Client.OfferDeliveryAsync();
        var (sku, _) = await Client.CreateStockedProductAsync(1);
        await api.RestartAsync(services => services.AddSingleton<IPaymentProvider>(new SilentProvider()));
        var cart = await Client.ReadyCartAsync(sku, 1, method: "wallet");
        var placed = Client.OrderCartAsync(cart);
        await UntilAsync("select count(*) from events.mt_events where type = 'payment_requested' and stream_id = (select 'payment-' || (data ->> 'orderId') from events.mt_events where type = 'cart_ordered' and stream_id = 'cart-" + cart + "')", 1);

        await api.RestartAsync();

        await UntilAsync($"select count(*) from events.mt_events where type = 'payment_captured' and stream_id = (select 'payment-' || (data ->> 'orderId') from events.mt_events where type = 'cart_ordered' and stream_id = 'cart-{cart}')", 1);
        _ = placed.ContinueWith(gone => gone.Exception, TaskScheduler.Default);
    }

    private Task<long> CountAsync(string stream, string type) =>
        api.QueryAsync<long>($"select count(*) from events.mt_events where stream_id = '{stream}' and type = '{type}'");

    private Task UntilAsync(string id, string type, int times) =>
        UntilAsync($"select count(*) from events.mt_events where stream_id = 'payment-{id}' and type = '{type}'", times);

    private async Task UntilAsync(string sql, int times)
    {
        var patience = DateTime.UtcNow.AddSeconds(30);
        while (await api.QueryAsync<long>(sql) < times)
        {
            DateTime.UtcNow.ShouldBeLessThan(patience, sql);
            await Task.Delay(20);
        }
    }

    /// <summary>A provider that never answers.</summary>
    private sealed class SilentProvider : IPaymentProvider
    {
        public async Task<ProviderAnswer> ExecuteAsync(ProviderRequest request, CancellationToken cancellation)
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException();
        }
    }
}
