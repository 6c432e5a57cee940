namespace EcommerceAI.Commerce.Customers;

/// <summary>The people and firms who buy.</summary>
public static class CustomersContext
{
    /// <summary>The context's plain data.</summary>
    public static BoundedContext Context { get; } = new(
        "Customers",
        new Dictionary<string, Type>(StringComparer.Ordinal)
        {
            ["customer_registered"] = typeof(CustomerRegistered),
        },
        new Dictionary<string, StateFold>(StringComparer.Ordinal)
        {
            ["customer"] = StateFold.Of(Customer.Initial, Customer.Evolve),
        });
}
