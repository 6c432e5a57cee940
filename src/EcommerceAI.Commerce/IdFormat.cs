using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace EcommerceAI.Commerce;

/// <summary>How the id of a customer, order, return or ledger entry is written: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>.</summary>
public static class IdFormat
{
    /// <summary>The most characters that an id has.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Whether <paramref name="text"/> is an id.</summary>
    /// <param name="text">The text to look at.</param>
    public static bool IsWellFormed([NotNullWhen(true)] string? text) =>
        text is { Length: >= 1 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>The stream key <c>category-id</c>.</summary>
    internal static string StreamKey(string category, string id) =>
        IsWellFormed(id) ? $"{category}-{id}" : throw new ArgumentException($"'{id}' is not an id.", nameof(id));
}
