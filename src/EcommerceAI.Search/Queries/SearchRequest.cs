using System.Runtime.InteropServices;
using EcommerceAI.Search.Understanding;

namespace EcommerceAI.Search.Queries;

/// <summary>A search, or the next page of one.</summary>
public sealed record SearchRequest
{
    /// <summary>The most hits a page may have.</summary>
    public const int LargestPage = 100;

    /// <summary>The words as typed. May be null where a cursor is given; where both are, they must belong together.</summary>
    public string? Text { get; init; }

    /// <summary>Which legs are asked; both unless only one is to be compared or explained.</summary>
    public SearchLegs Legs { get; init; } = SearchLegs.Both;

    /// <summary>How many hits a page has at most, 1 to 100.</summary>
    public int PageSize { get; init; } = 20;

    /// <summary>Where to go on: the <see cref="SearchPage.NextCursor"/> of the page before; null for the first page.</summary>
    public string? Cursor { get; init; }
}

/// <summary>Which legs a search asks.</summary>
[Flags]
public enum SearchLegs
{
    /// <summary>None; a search that asks none finds nothing.</summary>
    None = 0,

    /// <summary>The keyword leg.</summary>
    Text = 1,

    /// <summary>The vector leg.</summary>
    Vector = 2,

    /// <summary>Both, fused.</summary>
    Both = Text | Vector,
}

/// <summary>What a search comes to: a <see cref="SearchPage"/> or a <see cref="SearchRefused"/>.</summary>
public abstract record SearchOutcome
{
    private protected SearchOutcome()
    {
    }
}

/// <summary>A search that could not be answered, with a stable code for programs and a sentence for people.</summary>
/// <param name="Code">One of <see cref="SearchRefusalCodes"/>.</param>
/// <param name="Field">Which part of the request is meant (text, pageSize, cursor), or null where it is not the request's fault.</param>
/// <param name="Message">What is wrong, in one sentence.</param>
public sealed record SearchRefused(string Code, string? Field, string Message) : SearchOutcome;

/// <summary>Why searches are refused.</summary>
public static class SearchRefusalCodes
{
    /// <summary>Neither text nor cursor was given.</summary>
    public const string TextMissing = "search_text_missing";

    /// <summary>The text is longer than is read.</summary>
    public const string TextTooLong = "search_text_too_long";

    /// <summary>The page size is not 1 to 100.</summary>
    public const string PageSizeOutOfRange = "search_page_size_out_of_range";

    /// <summary>The cursor is not one that was given out here.</summary>
    public const string CursorInvalid = "search_cursor_invalid";

    /// <summary>The cursor was good once, and its result is no longer kept: search again.</summary>
    public const string CursorExpired = "search_cursor_expired";

    /// <summary>The cursor belongs to another text.</summary>
    public const string CursorOfAnotherSearch = "search_cursor_of_another_search";

    /// <summary>No leg answered in time.</summary>
    public const string Unavailable = "search_unavailable";
}

/// <summary>One page of a search's hits.</summary>
/// <param name="Total">How many hits the whole result set has: every keyword match, and the vector leg's best that are near enough.</param>
/// <param name="Hits">The hits of this page.</param>
/// <param name="NextCursor">Where the next page begins, or null on the last.</param>
/// <param name="Degraded">The legs that are missing from this answer, and why; empty when all is well.</param>
public sealed record SearchPage(int Total, IReadOnlyList<SearchHit> Hits, string? NextCursor, IReadOnlyList<DegradedLeg> Degraded)
    : SearchOutcome
{
    /// <summary>What the query was understood as; null before anything was learned to understand queries by.</summary>
    public UnderstoodQuery? Understood { get; init; }
}

/// <summary>One hit.</summary>
/// <param name="Id">The document.</param>
/// <param name="Score">The fused score; comparable within one search only.</param>
/// <param name="IsCode">True where the query names one of the document's codes; such hits come first.</param>
/// <param name="Text">Rank and score in the keyword leg, or null where it has no such match.</param>
/// <param name="Vector">Rank and cosine in the vector leg, or null where it has no such hit.</param>
/// <param name="MatchedWords">The words of the query that the document matches; empty for a hit of the vector leg alone.</param>
public sealed record SearchHit(string Id, double Score, bool IsCode, LegRank? Text, LegRank? Vector, IReadOnlyList<string> MatchedWords);

/// <summary>A hit's place in one leg.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Score">The leg's own score.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LegRank(int Rank, double Score);

/// <summary>A leg that did not take part in an answer.</summary>
/// <param name="Leg">"text" or "vector".</param>
/// <param name="Reason">Why, in a few words.</param>
public sealed record DegradedLeg(string Leg, string Reason);
