using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Http;

/// <summary>Which page of a list.</summary>
/// <typeparam name="TKey">The list's key.</typeparam>
/// <param name="After">The key that the last page ended with, or null for the first page.</param>
/// <param name="Size">The most items of the page.</param>
public sealed record PageRequest<TKey>(TKey? After, int Size)
    where TKey : class;

/// <summary>Reads the parameters that all lists share.</summary>
public static class PageRequests
{
    /// <summary>The most items of a page.</summary>
    public const int MostItems = 100;

    private const int UsualItems = 20;

    /// <summary>Reads <c>limit</c> and <c>cursor</c>.</summary>
    /// <typeparam name="TKey">The list's key.</typeparam>
    /// <param name="query">Name of the list with its filters; see <see cref="Cursors"/>.</param>
    /// <param name="limit">1 to 100, or null for 20.</param>
    /// <param name="cursor">Where to go on, or null for the first page.</param>
    /// <param name="page">The page, where nothing is wrong.</param>
    /// <returns>What is wrong, or null.</returns>
    public static ProblemHttpResult? TryRead<TKey>(string query, int? limit, string? cursor, out PageRequest<TKey> page)
        where TKey : class
    {
        page = new PageRequest<TKey>(null, UsualItems);
        if (limit is < 1 or > MostItems)
            return Problems.InvalidParameter(
                "limit", "out_of_range", string.Create(CultureInfo.InvariantCulture, $"limit is {limit}; it must be 1 to {MostItems}."));
        if (!Cursors.TryRead<TKey>(query, cursor, out var after))
            return Problems.InvalidParameter("cursor", "invalid_cursor", "cursor is not one that this list gave out, or belongs to other filters.");
        page = new PageRequest<TKey>(after, limit ?? UsualItems);
        return null;
    }
}
