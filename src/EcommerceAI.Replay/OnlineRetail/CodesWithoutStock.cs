using System.Collections.Frozen;

namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>The stock codes that stand for money, not for goods: they become charges and never products.</summary>
public static class CodesWithoutStock
{
    /// <summary>Gift vouchers, one code a face value: <c>GIFT_0001_20</c> is one over twenty pounds.</summary>
    public const string VoucherPrefix = "GIFT_";

    private static readonly FrozenDictionary<string, string> Meanings = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["POST"] = "Postage",
        ["DOT"] = "Postage of orders from the web shop (\"DOTCOM POSTAGE\")",
        ["C2"] = "Carriage",
        ["M"] = "Manual entry",
        ["D"] = "Discount",
        ["S"] = "Samples",
        ["B"] = "Adjustment of bad debt",
        ["BANK CHARGES"] = "Bank charges",
        ["AMAZONFEE"] = "Fee of a marketplace",
        ["CRUK"] = "Commission to a charity (Cancer Research UK)",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether <paramref name="code"/> stands for money.</summary>
    /// <param name="code">Stock code, trimmed, upper case.</param>
    public static bool Contains(string code) => Meaning(code) is not null;

    /// <summary>What <paramref name="code"/> stands for, or null for a code of goods.</summary>
    /// <param name="code">Stock code, trimmed, upper case.</param>
    public static string? Meaning(string code) =>
        Meanings.TryGetValue(code, out var meaning) ? meaning
        : code.StartsWith(VoucherPrefix, StringComparison.Ordinal) ? "Gift voucher"
        : null;
}
