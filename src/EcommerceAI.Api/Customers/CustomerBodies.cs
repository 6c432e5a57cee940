namespace EcommerceAI.Api.Customers;

/// <summary>A customer to register.</summary>
/// <param name="Country">Country name or ISO 3166 code, 1 to 60 characters.</param>
/// <param name="Name">The person's name of at most 200 characters, or null.</param>
/// <param name="Email">A mail address of at most 254 characters, or null.</param>
public sealed record NewCustomer(string Country, string? Name = null, string? Email = null);

/// <summary>A customer is known.</summary>
/// <param name="CustomerId">The customer's id, made by the server.</param>
public sealed record CustomerKnown(string CustomerId);
