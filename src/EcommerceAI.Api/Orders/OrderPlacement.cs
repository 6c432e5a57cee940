using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.EventSourcing.Commands;

namespace EcommerceAI.Api.Orders;

/// <summary>Places an order: looks up the prices and the customer, and takes the goods from stock.</summary>
internal static class OrderPlacement
{
    /// <summary>Where goods are taken from when the order does not say.</summary>
    public const string DefaultLocation = "warehouse";

    /// <summary>A currency for the check of the fields, before the catalogue has told the real one.</summary>
    private const string NoCurrency = "XXX";

    public static CommandPlan Plan(string orderId, NewOrder body, Caller caller)
    {
        var command = new PlaceOrder(
            orderId, body.CustomerId, body.Country, body.Location ?? DefaultLocation, NoCurrency,
            [.. body.Lines.Select(line => new PlaceOrderLine(line.Sku, line.Quantity, 0))]);
        return new([.. OrderDecider.Validate(command), .. caller.RefuseActingFor(command.CustomerId, "customerId")], async (session, expected) =>
        {
            var order = await session.LoadAsync(Order.StreamKey(orderId), Order.Initial, Order.Evolve, expected);
            var rejections = new List<Rejection>();
            await CheckCustomerAsync(session, command.CustomerId, rejections);
            var priced = await PriceAsync(session, command, rejections);
            if (rejections.Count > 0) return rejections.ToRefusal();
            var decision = OrderDecider.Decide(order, priced);
            return decision.Events is [OrderPlaced placed]
                ? await StockMovement.SettleAsync(
                    session, order, placed, sku => FieldOf(command, sku), () => new OrderTaken(orderId, placed.Lines, placed.Total))
                : decision.Rejections.ToRefusal();
        });
    }

    private static async Task CheckCustomerAsync(CommandSession session, string? customerId, List<Rejection> rejections)
    {
        if (customerId is null) return;
        var customer = await session.LoadAsync(Customer.StreamKey(customerId), Customer.Initial, Customer.Evolve);
        if (!customer.Exists)
            rejections.Add(new Rejection("unknown_customer", $"There is no customer {customerId}.", "customerId", RejectionKind.Invalid));
    }

    /// <summary>The command at the catalogue's prices.</summary>
    private static async Task<PlaceOrder> PriceAsync(CommandSession session, PlaceOrder command, List<Rejection> rejections)
    {
        var products = await LoadProductsAsync(session, command);
        var lines = new PlaceOrderLine[command.Lines.Count];
        string? currency = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var (line, field) = (command.Lines[i], $"lines[{i}].sku");
            var sku = SkuFormat.Normalize(line.Sku);
            var product = products[sku];
            lines[i] = line with { UnitPrice = product.Price?.Amount ?? 0 };
            if (!product.Exists)
                rejections.Add(new Rejection("unknown_product", $"Product {sku} is not in the catalogue.", field, RejectionKind.Invalid));
            else if (product.Price is not { } price)
                rejections.Add(new Rejection("no_price", $"Product {sku} has no list price and cannot be sold.", field, RejectionKind.Invalid));
            else if (!product.IsSoldIn(null))
                rejections.Add(new Rejection("not_for_sale", $"Product {sku} was taken out of all channels.", field, RejectionKind.Invalid));
            else if ((currency ??= price.Currency) != price.Currency)
                rejections.Add(new Rejection(
                    "mixed_currencies", $"Product {sku} is priced in {price.Currency}, the lines before it in {currency}.", field, RejectionKind.Invalid));
        }

        return command with { Currency = currency ?? NoCurrency, Lines = lines };
    }

    /// <summary>In order of their keys, so that two orders for the same goods do not wait for each other.</summary>
    private static async Task<Dictionary<string, Product>> LoadProductsAsync(CommandSession session, PlaceOrder command)
    {
        var products = new Dictionary<string, Product>(StringComparer.Ordinal);
        foreach (var sku in command.Lines.Select(line => SkuFormat.Normalize(line.Sku)).Distinct().Order(StringComparer.Ordinal))
            products[sku] = await session.LoadAsync(Product.StreamKey(sku), Product.Initial, Product.Evolve);
        return products;
    }

    private static string FieldOf(PlaceOrder command, string sku)
    {
        for (var i = 0; i < command.Lines.Count; i++)
        {
            if (SkuFormat.Normalize(command.Lines[i].Sku) == sku) return $"lines[{i}].quantity";
        }

        return "lines";
    }
}
