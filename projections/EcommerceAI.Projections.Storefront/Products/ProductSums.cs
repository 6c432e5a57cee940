namespace EcommerceAI.Projections.Storefront.Products;

/// <summary>Adds up the sales of a product.</summary>
internal static class ProductSums
{
    /// <summary>The sums of <see cref="ProductTables.Sums"/>, with the types of the columns.</summary>
    public const string Select =
        """
        sum(units)::bigint as units, sum(free_units)::bigint as free_units, sum(revenue) as revenue,
        sum(cancelled_units)::bigint as cancelled_units, sum(cancelled_revenue) as cancelled_revenue,
        sum(returned_units)::bigint as returned_units, sum(refunded) as refunded
        """;

    /// <summary>The sum of some months in one currency.</summary>
    /// <param name="months">One or more.</param>
    public static ProductSales Add(IEnumerable<ProductSales> months) => months.Aggregate((one, other) => one with
    {
        Units = one.Units + other.Units,
        FreeUnits = one.FreeUnits + other.FreeUnits,
        Revenue = one.Revenue + other.Revenue,
        CancelledUnits = one.CancelledUnits + other.CancelledUnits,
        CancelledRevenue = one.CancelledRevenue + other.CancelledRevenue,
        ReturnedUnits = one.ReturnedUnits + other.ReturnedUnits,
        Refunded = one.Refunded + other.Refunded,
    });
}
