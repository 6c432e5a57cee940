using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Replay.Bench.Append;

/// <summary>The event of the measurements: about 100 bytes of JSON.</summary>
/// <param name="Sku">Ten characters.</param>
/// <param name="Quantity">A number.</param>
/// <param name="Price">Four places.</param>
/// <param name="Note">Some text.</param>
internal sealed record Noted(string Sku, int Quantity, decimal Price, string Note)
{
    /// <summary>Its name in the log.</summary>
    public const string Name = "bench_noted";

    /// <summary>Its name and record, for opening a store.</summary>
    public static EventTypes Types { get; } = new([new(Name, typeof(Noted))]);

    /// <summary>One of them.</summary>
    /// <param name="number">Makes it differ from others.</param>
    public static Noted Of(long number) => new("SKU-022423", (int)(number % 100), 12.7500m, "Regency cakestand, three tiers, boxed");
}
