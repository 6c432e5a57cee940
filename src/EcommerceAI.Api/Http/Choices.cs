using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Http;

/// <summary>
/// Reads a parameter that is one of a few words. The framework would take an enumeration's numbers too, and its names only in
/// the spelling of the code.
/// </summary>
internal static class Choices
{
    /// <summary>Reads the parameter.</summary>
    /// <typeparam name="TChoice">The choices; their words are their names in camelCase.</typeparam>
    /// <param name="name">The parameter's name.</param>
    /// <param name="text">What the client sent; null for the first choice.</param>
    /// <param name="choice">The choice.</param>
    /// <returns>What is wrong, or null.</returns>
    public static ProblemHttpResult? TryRead<TChoice>(string name, string? text, out TChoice choice)
        where TChoice : struct, Enum
    {
        choice = default;
        if (text is null) return null;
        foreach (var candidate in Enum.GetValues<TChoice>())
        {
            if (WordOf(candidate) != text) continue;
            choice = candidate;
            return null;
        }

        return Problems.InvalidParameter(
            name, "out_of_range", $"{name} must be one of {string.Join(", ", Enum.GetValues<TChoice>().Select(WordOf))}.");
    }

    private static string WordOf<TChoice>(TChoice choice)
        where TChoice : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(choice.ToString());
}
