namespace EcommerceAI.Commerce.Customers;

/// <summary>What happens to a customer; stream <c>customer-{id}</c>.</summary>
public abstract record CustomerEvent : DomainEvent;

/// <summary>A customer became known. Event <c>customer_registered</c>.</summary>
/// <param name="CustomerId">The customer's id; says nothing about the person.</param>
/// <param name="Country">Country name as the retailer writes it, or an ISO 3166 code.</param>
/// <param name="Name">The person's name, or null where it is not known.</param>
/// <param name="Email">Mail address, or null where it is not known.</param>
public sealed record CustomerRegistered(string CustomerId, string Country, string? Name = null, string? Email = null) : CustomerEvent;
