namespace EcommerceAI.Commerce.Customers;

/// <summary>What happens to a customer; stream <c>customer-{id}</c>.</summary>
public abstract record CustomerEvent : DomainEvent;

/// <summary>A customer became known. Event <c>customer_registered</c>.</summary>
/// <param name="CustomerId">The customer's id; says nothing about the person.</param>
/// <param name="Country">Country name as the retailer writes it, or an ISO 3166 code.</param>
/// <param name="Name">The person's name, or null where it is not known.</param>
/// <param name="Email">Mail address, or null where it is not known.</param>
/// <param name="Address">Postal address, its lines with line breaks between, or null where it is not known.</param>
public sealed record CustomerRegistered(
    string CustomerId, string Country, string? Name = null, string? Email = null, string? Address = null) : CustomerEvent;

/// <summary>
/// A customer is to be forgotten: from here on nobody can tell who it was; what was bought stays. Event <c>customer_forgotten</c>.
/// </summary>
/// <param name="CustomerId">The customer's id.</param>
/// <param name="Reference">The request's id in the retailer's own records, or null.</param>
public sealed record CustomerForgotten(string CustomerId, string? Reference = null) : CustomerEvent;
