using System.Globalization;
using System.Text.Json.Nodes;
using EcommerceAI.Api.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace EcommerceAI.Api.Tests.Model;

/// <summary>Holds every read model, and the provider's books, against the model at the end of a run.</summary>
internal sealed class ReadModelCheck(ApiFixture api, ModelShop shop, ShopHistory history, string where)
{
    private string _position = "0";

    public async Task CompareAsync()
    {
        _position = ApiClient.Text(await api.QueryAsync<long>("select max(seq_id) from events.mt_events"));
        foreach (var (sku, stock) in shop.Stocks) await CompareStockAsync(sku, stock);
        foreach (var (id, cart) in shop.Carts) await CompareCartAsync(id, cart);
        foreach (var (id, order) in shop.Orders) await CompareOrderAsync(id, order);
        foreach (var (customer, wishes) in shop.Wishes)
        {
            var shown = await ReadAsync($"/v1/customers/{customer}/wishes");
            string.Join(' ', shown["skus"]!.AsArray()).ShouldBe(string.Join(' ', wishes), Told(customer));
        }
    }

    private async Task CompareStockAsync(string sku, ModelStock stock)
    {
        var shown = await ReadAsync($"/v1/stock/{sku}");
        ((long)shown["onHand"]!, (long)shown["available"]!).ShouldBe((stock.OnHand, stock.Available), Told(sku));
        // A product that nothing ever came in of has no row.
        if (shown["locations"]!.AsArray() is [{ } level]) ((long)level["held"]!, (long)level["allocated"]!).ShouldBe((stock.Held, stock.Promised), Told(sku));
        var page = await ReadAsync($"/v1/products/{sku}");
        ((long)page["onHand"]!, (decimal)page["product"]!["price"]!["amount"]!).ShouldBe((stock.OnHand, shop.PriceOf(sku)), Told(sku));
    }

    private async Task CompareCartAsync(string id, ModelCart cart)
    {
        var shown = await ReadAsync($"/v1/carts/{id}");
        ((string?)shown["status"], (string?)shown["orderId"], (string?)shown["customerId"]).ShouldBe((cart.Status.ToString().ToLowerInvariant(), cart.Order, cart.Customer), Told(id));
        Lines(shown["lines"]!).ShouldBe(Lines(cart.Lines), Told(id));
        Lines(shown["saved"]!).ShouldBe(Lines(cart.Saved), Told(id));
        ((long)shown["goods"]!["minor"]!).ShouldBe(cart.Goods, Told(id));
    }

    private async Task CompareOrderAsync(string id, ModelOrder order)
    {
        var summary = (await ReadAsync($"/v1/orders/{id}"))["summary"]!;
        ((string?)summary["state"], (long)summary["total"]!["minor"]!, (long)summary["refunded"]!["minor"]!)
            .ShouldBe((order.State, order.Total, order.CreditedForGoods), Told(id));
        ((long)summary["units"]!, (long)summary["returnedUnits"]!)
            .ShouldBe((order.Lines.Sum(line => (long)line.Quantity), order.Lines.Sum(line => (long)line.Returned)), Told(id));
        var account = api.Services.GetRequiredService<SandboxProvider>().AccountOf(id);
        ((account?.Captured ?? 0) - (account?.Refunded ?? 0)).ShouldBe(order.NetPaid, $"{Told(id)}\nmoney with the shop");
        if (order.IsCancelled && account is { IsVoided: false, Authorised: { } held }) account.Captured.ShouldBe(held, $"{Told(id)}\nheld for a cancelled order");
    }

    private static string Lines(JsonNode lines) =>
        string.Join(", ", lines.AsArray().Select(line => string.Create(CultureInfo.InvariantCulture, $"{line!["sku"]} {line["quantity"]} {(decimal)line["unitPrice"]!:0.00}")));

    private static string Lines(List<ModelLine> lines) =>
        string.Join(", ", lines.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.Sku} {line.Quantity} {line.Price:0.00}")));

    private async Task<JsonNode> ReadAsync(string path) => (await api.Client.GetAsync(path, ("Consistent-After", _position))).ShouldBe(HttpStatusCode.OK).Json;

    private string Told(string subject) => $"{where}: {subject}\n{history.Of(subject)}";
}
