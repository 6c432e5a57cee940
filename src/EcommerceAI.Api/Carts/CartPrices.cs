using EcommerceAI.Api.Http;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Commands;

namespace EcommerceAI.Api.Carts;

/// <summary>The list price at which a product goes into a cart.</summary>
internal static class CartPrices
{
    /// <summary>Looks a product's price up.</summary>
    /// <param name="session">The command's session; the product is loaded once, from memory where it is known.</param>
    /// <param name="sku">A well-formed SKU in any spelling.</param>
    /// <param name="cart">The cart: its currency and its channel count.</param>
    /// <param name="field">The request's field that names the product.</param>
    public static async Task<(decimal Price, Rejection? Refused)> FindAsync(CommandSession session, string sku, Cart cart, string field)
    {
        var normalized = SkuFormat.Normalize(sku);
        var product = await session.LoadAsync(Product.StreamKey(normalized), Product.Initial, Product.Evolve);
        if (!product.Exists) return Refuse("unknown_product", $"Product {normalized} is not in the catalogue.");
        if (product.Price is not { } price) return Refuse("no_price", $"Product {normalized} has no list price and cannot be sold.");
        if (!product.IsSoldIn(cart.Channel)) return Refuse("not_for_sale", $"Product {normalized} is not sold in channel {cart.Channel}.");
        return price.Currency == cart.Currency
            ? (price.Amount, null)
            : Refuse("mixed_currencies", $"Product {normalized} is priced in {price.Currency}, the cart in {cart.Currency}.");

        (decimal, Rejection?) Refuse(string code, string message) => (0, new Rejection(code, message, field, RejectionKind.Invalid));
    }
}
