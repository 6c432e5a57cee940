using EcommerceAI.Commerce;

namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>What a line comes to in pence.</summary>
internal static class RetailAmount
{
    /// <summary>Pence: price times quantity, exact, rounded once, half to even.</summary>
    /// <param name="unitPrice">Pounds.</param>
    /// <param name="quantity">Units, signed.</param>
    public static long Of(decimal unitPrice, int quantity) => new UnitPrice(unitPrice, ImportPlan.Currency).Times(quantity).Minor;
}
