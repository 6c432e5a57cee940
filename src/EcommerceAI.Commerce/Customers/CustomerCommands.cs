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
public sealed record RegisterCustomer(string CustomerId, string Country, string? Name = null, string? Email = null)
    : CustomerCommand(CustomerId);
