namespace EcommerceAI.Commerce.Pricing;

/// <summary>What happens to the taxes of a region; stream <c>tax-{region}</c>.</summary>
/// <param name="Region">The region.</param>
public abstract record TaxTableEvent(string Region) : DomainEvent;

/// <summary>The taxes of a region are kept from now on. Event <c>tax_table_created</c>.</summary>
/// <param name="Region">The region.</param>
/// <param name="Basis">What the prices of the region mean.</param>
/// <param name="Rates">The rates.</param>
public sealed record TaxTableCreated(string Region, TaxBasis Basis, IReadOnlyList<TaxRate> Rates) : TaxTableEvent(Region);

/// <summary>A region has these taxes in the place of those it had. Event <c>tax_table_changed</c>.</summary>
/// <param name="Region">The region.</param>
/// <param name="Basis">What the prices of the region mean from now on.</param>
/// <param name="Rates">All rates.</param>
public sealed record TaxTableChanged(string Region, TaxBasis Basis, IReadOnlyList<TaxRate> Rates) : TaxTableEvent(Region);
