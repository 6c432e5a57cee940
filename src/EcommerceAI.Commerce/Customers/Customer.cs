namespace EcommerceAI.Commerce.Customers;

/// <summary>A customer as the stream tells it.</summary>
/// <param name="CustomerId">The customer's id, or null before the customer is known.</param>
/// <param name="Country">Country name or ISO 3166 code.</param>
/// <param name="Name">The person's name, or null.</param>
/// <param name="Email">Mail address, or null.</param>
/// <param name="Address">Postal address, or null.</param>
/// <param name="IsForgotten">Whether the customer is forgotten; what was personal is null then.</param>
public sealed record Customer(string? CustomerId, string? Country, string? Name, string? Email, string? Address, bool IsForgotten)
{
    /// <summary>The state before the first event.</summary>
    public static Customer Initial { get; } = new(null, null, null, null, null, false);

    /// <summary>Whether the customer is registered.</summary>
    public bool Exists => CustomerId is not null;

    /// <summary>The key of a customer's stream, <c>customer-{id}</c>.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <exception cref="ArgumentException"><paramref name="customerId"/> is no id.</exception>
    public static string StreamKey(string customerId) => IdFormat.StreamKey("customer", customerId);

    /// <summary>Folds one event into the state; takes any history.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static Customer Evolve(Customer state, DomainEvent @event) => @event switch
    {
        CustomerRegistered registered => new Customer(
            registered.CustomerId, registered.Country, registered.Name, registered.Email, registered.Address, false),
        CustomerForgotten => state with { Name = null, Email = null, Address = null, IsForgotten = true },
        _ => state,
    };
}
