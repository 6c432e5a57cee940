namespace EcommerceAI.Commerce.Customers;

/// <summary>The people and firms who buy.</summary>
public static class CustomersContext
{
    /// <summary>The kind of person whose data is sealed here.</summary>
    public const string Person = "customer";

    /// <summary>The context's plain data.</summary>
    public static BoundedContext Context { get; } = new(
        "Customers",
        new Dictionary<string, Type>(StringComparer.Ordinal)
        {
            ["customer_registered"] = typeof(CustomerRegistered),
            ["customer_forgotten"] = typeof(CustomerForgotten),
        },
        new Dictionary<string, StateFold>(StringComparer.Ordinal)
        {
            ["customer"] = StateFold.Of(Customer.Initial, Customer.Evolve),
        })
    {
        PersonalFields =
        [
            ("customer_registered", "name", Person, "customerId", null),
            ("customer_registered", "email", Person, "customerId", null),
            ("customer_registered", "address", Person, "customerId", null),
        ],
        ForgettingEvents = [("customer_forgotten", Person, "customerId")],
    };
}
