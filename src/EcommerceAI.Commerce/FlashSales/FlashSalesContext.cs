namespace EcommerceAI.Commerce.FlashSales;

/// <summary>Drops: so many units of one product, from a moment on, first come, first held.</summary>
public static class FlashSalesContext
{
    /// <summary>The context's plain data.</summary>
    public static BoundedContext Context { get; } = new(
        "FlashSales",
        new Dictionary<string, Type>(StringComparer.Ordinal)
        {
            ["drop_scheduled"] = typeof(DropScheduled),
            ["drop_units_held"] = typeof(DropUnitsHeld),
            ["drop_reservation_queued"] = typeof(DropReservationQueued),
            ["drop_reservation_released"] = typeof(DropReservationReleased),
            ["drop_units_sold"] = typeof(DropUnitsSold),
            ["drop_closed"] = typeof(DropClosed),
        },
        new Dictionary<string, StateFold>(StringComparer.Ordinal)
        {
            ["drop"] = StateFold.Of(Drop.Initial, Drop.Evolve),
        });
}
