namespace EcommerceAI.Api.Tests.Orders;

/// <summary>The steps of a buyer.</summary>
internal static class CheckoutSteps
{
    /// <summary>Offers delivery for 4.95.</summary>
    public static async Task OfferDeliveryAsync(this ApiClient client) =>
        (await client.PostAsync("/v1/delivery-options/standard", new { name = "Standard", price = new { amount = 4.95, currency = "GBP" } })).ShouldBe(HttpStatusCode.OK);

    /// <summary>A cart with units of a product.</summary>
    public static async Task<string> FillCartAsync(this ApiClient client, string sku, int quantity, string? customerId = null)
    {
        var created = (await client.PostAsync("/v1/carts", customerId is null ? new { currency = "GBP" } : new { currency = "GBP", customerId })).ShouldBe(HttpStatusCode.Created);
        var id = (string)created.Json["cartId"]!;
        (await client.PostAsync($"/v1/carts/{id}/lines", new { sku, quantity })).ShouldBe(HttpStatusCode.OK);
        return id;
    }

    /// <summary>The address, the delivery and the payment of a cart.</summary>
    public static async Task SayAsync(this ApiClient client, string cart, string token = "tok_ok", string method = "card")
    {
        (await client.PutAsync($"/v1/carts/{cart}/address", new { name = "Ada", email = "ada@example.org", address = "1 High St\nLeeds", country = "GB" })).ShouldBe(HttpStatusCode.OK);
        (await client.PutAsync($"/v1/carts/{cart}/delivery", new { optionId = "standard" })).ShouldBe(HttpStatusCode.OK);
        (await client.PutAsync($"/v1/carts/{cart}/payment", new { method, token })).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>A cart that only has to be ordered.</summary>
    public static async Task<string> ReadyCartAsync(this ApiClient client, string sku, int quantity, string token = "tok_ok", string method = "card")
    {
        var cart = await client.FillCartAsync(sku, quantity);
        await client.SayAsync(cart, token, method);
        return cart;
    }

    public static Task<Reply> OrderCartAsync(this ApiClient client, string cart, params (string Name, string Value)[] headers) =>
        client.PostAsync($"/v1/carts/{cart}/order", new { }, headers);
}
