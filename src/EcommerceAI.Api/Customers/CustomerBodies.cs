namespace EcommerceAI.Api.Customers;

/// <summary>A customer to register.</summary>
/// <param name="Country">Country name or ISO 3166 code, 1 to 60 characters.</param>
/// <param name="Name">The person's name of at most 200 characters, or null.</param>
/// <param name="Email">A mail address of at most 254 characters, or null.</param>
/// <param name="Address">A postal address of at most 500 characters, line breaks included, or null.</param>
public sealed record NewCustomer(string Country, string? Name = null, string? Email = null, string? Address = null);

/// <summary>A customer is known.</summary>
/// <param name="CustomerId">The customer's id, made by the server.</param>
public sealed record CustomerKnown(string CustomerId);

/// <summary>Why a customer is forgotten.</summary>
/// <param name="Reference">The request's id in the retailer's own records, 1 to 64 of A-Z a-z 0-9 . _ -, or null; it is kept.</param>
public sealed record ForgettingRequest(string? Reference = null);

/// <summary>A customer is forgotten: the key of all that was personal is destroyed.</summary>
/// <param name="CustomerId">The customer's id.</param>
public sealed record CustomerIsForgotten(string CustomerId);
