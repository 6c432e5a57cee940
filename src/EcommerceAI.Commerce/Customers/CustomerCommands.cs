namespace EcommerceAI.Commerce.Customers;

/// <summary>What can be asked of a customer. The family is closed: <see cref="CustomerDecider"/> answers every member.</summary>
public abstract record CustomerCommand
{
    private protected CustomerCommand(string customerId) => CustomerId = customerId;

    /// <summary>The customer's id, as <see cref="IdFormat"/> has it.</summary>
    public string CustomerId { get; init; }
}

/// <summary>Makes a customer known.</summary>
/// <param name="CustomerId">The customer's id, as <see cref="IdFormat"/> has it; says nothing about the person.</param>
/// <param name="Country">Country name or ISO 3166 code, 1 to 60 characters.</param>
/// <param name="Name">The person's name of at most 200 characters, or null.</param>
/// <param name="Email">A mail address of at most 254 characters, or null.</param>
/// <param name="Address">A postal address of at most 500 characters, line breaks included, or null.</param>
public sealed record RegisterCustomer(
    string CustomerId, string Country, string? Name = null, string? Email = null, string? Address = null)
    : CustomerCommand(CustomerId);

/// <summary>Forgets who a customer is. Again changes nothing.</summary>
/// <param name="CustomerId">The customer's id.</param>
/// <param name="Reference">
/// The request's id in the retailer's own records, as <see cref="IdFormat"/> has it, or null. No free text: it stays in the log.
/// </param>
public sealed record ForgetCustomer(string CustomerId, string? Reference = null) : CustomerCommand(CustomerId);
