using EcommerceAI.Search.Fusion;
using EcommerceAI.Search.Text;
using EcommerceAI.Search.Understanding;
using EcommerceAI.Search.Vectors;

namespace EcommerceAI.Search.Queries;

/// <summary>
/// Searches both legs side by side under a deadline and fuses what they find. The result set is every keyword match, and the vector
/// leg's best up to 200 that are near enough; totals are of exactly that set.
/// </summary>
/// <remarks>
/// Pages neither repeat nor lose a hit: what was fused for the first page is kept, and the cursor points into it. Hits whose code
/// the query names come first whatever the legs say; then score descending, then id ordinal.
/// </remarks>
public sealed class HybridSearcher
{
    /// <summary>The keyword leg's name in <see cref="DegradedLeg"/>.</summary>
    public const string TextLegName = "text";

    /// <summary>The vector leg's name in <see cref="DegradedLeg"/>.</summary>
    public const string VectorLegName = "vector";

    private static readonly IReadOnlyList<VectorHit> NoNeighbours = [];

    private readonly HybridIndex _index;
    private readonly HybridSearchOptions _options;
    private readonly LegRunner _legs;
    private readonly PinnedResults _pinned;
    private readonly CursorCodec _cursors = new();

    /// <summary>Makes a searcher; one for an index, for it keeps the results that cursors point into.</summary>
    public HybridSearcher(HybridIndex index, HybridSearchOptions? options = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        _index = index;
        _options = options ?? new();
        _legs = new(_options.Deadline, _options.Patience, time);
        _pinned = new(_options.MostPinnedHits, _options.PinLifetime, time);
    }

    /// <summary>Answers a search or gives its next page.</summary>
    /// <returns>A <see cref="SearchPage"/>, or a <see cref="SearchRefused"/> that says what is wrong with the request.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<SearchOutcome> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default)
    {
        if (request.PageSize is < 1 or > SearchRequest.LargestPage)
            return new SearchRefused(SearchRefusalCodes.PageSizeOutOfRange, "pageSize",
                $"A page has 1 to {SearchRequest.LargestPage} hits, not {request.PageSize}.");
        if (request.Text?.Length > _options.LongestText)
            return new SearchRefused(SearchRefusalCodes.TextTooLong, "text",
                $"A query has at most {_options.LongestText} characters, not {request.Text.Length}.");
        if (request.Cursor is not null) return NextPage(request, request.Cursor);
        return request.Text is { } text
            ? await FirstPageAsync(text, request, cancellationToken)
            : new SearchRefused(SearchRefusalCodes.TextMissing, "text", "A search needs a text or a cursor.");
    }

    private SearchOutcome NextPage(SearchRequest request, string cursor)
    {
        if (!_cursors.TryRead(cursor, out var pin, out var offset))
            return new SearchRefused(SearchRefusalCodes.CursorInvalid, "cursor", "The cursor is not one that was given out here.");
        if (_pinned.Find(pin) is not { } result)
            return new SearchRefused(SearchRefusalCodes.CursorExpired, "cursor",
                "The result that the cursor points into is no longer kept; search again.");
        if (request.Text is not null && request.Text != result.Text)
            return new SearchRefused(SearchRefusalCodes.CursorOfAnotherSearch, "cursor",
                "The cursor belongs to another text than the one given.");
        return Page(result, offset, request.PageSize, () => pin);
    }

    private async Task<SearchOutcome> FirstPageAsync(string text, SearchRequest request, CancellationToken cancellationToken)
    {
        var understood = _index.Understanding?.Understand(text);
        var (matches, neighbours) = await _legs.WaitAsync(
            StartText(text, understood, request.Legs, cancellationToken), StartVectors(text, understood, request.Legs, cancellationToken), cancellationToken);
        DegradedLeg[] degraded = [.. new[] { matches.Degraded, neighbours.Degraded }.OfType<DegradedLeg>()];
        if (matches.Answer is null && neighbours.Answer is null)
            return new SearchRefused(SearchRefusalCodes.Unavailable, null,
                $"No leg answered ({string.Join("; ", degraded.Select(d => $"{d.Leg}: {d.Reason}"))}).");
        var hits = Fuse(matches.Answer ?? TextLegAnswer.None, neighbours.Answer ?? NoNeighbours);
        var result = new PinnedResult(text, understood, hits, degraded);
        return Page(result, 0, request.PageSize, () => _pinned.Pin(result));
    }

    private RunningLeg<TextLegAnswer> StartText(string text, UnderstoodQuery? understood, SearchLegs legs, CancellationToken cancellationToken) =>
        RunningLeg<TextLegAnswer>.Start(
            TextLegName,
            async stop => legs.HasFlag(SearchLegs.Text)
                ? await TextLeg.SearchAsync(_index.Text, text, understood, _options.ParaphraseBelow, stop)
                : await TextLeg.ExcludeAsync(_index.Text, understood, stop),
            cancellationToken);

    private RunningLeg<IReadOnlyList<VectorHit>> StartVectors(string text, UnderstoodQuery? understood, SearchLegs legs, CancellationToken cancellationToken)
    {
        if (_index.Vectors is not { } leg) return RunningLeg<IReadOnlyList<VectorHit>>.Absent(VectorLegName, "not trained yet");
        return RunningLeg<IReadOnlyList<VectorHit>>.Start(
            VectorLegName,
            async stop => legs.HasFlag(SearchLegs.Vector)
                ? await leg.Index.SearchAsync(
                    new(leg.Embedder.Embed(understood?.MeantText ?? text), _options.VectorLimit, _options.MinimumSimilarity), stop)
                : NoNeighbours,
            cancellationToken);
    }

    /// <summary>
    /// The clearer it is from the words what is meant, the less the vectors count: where a document has all of them, likeness in general
    /// can only disturb; where none has, it is all there is.
    /// </summary>
    private List<SearchHit> Fuse(TextLegAnswer answer, IReadOnlyList<VectorHit> found)
    {
        var matches = answer.Matches;
        var neighbours = found.Where(n => !answer.ExcludedIds.Contains(n.Id)).ToList();
        var fused = ReciprocalRankFusion.Fuse(
            [
                new([.. matches.Hits.Select(h => h.Id)], _options.TextWeight),
                new([.. neighbours.Select(n => n.Id)], _options.VectorWeightAt(answer.Clarity)),
            ],
            _options.K);
        var codes = new List<SearchHit>();
        var others = new List<SearchHit>(fused.Count);
        foreach (var (id, score, ranks) in fused)
        {
            TextHit? match = ranks[0] > 0 ? matches.Hits[ranks[0] - 1] : null;
            LegRank? text = match is { } hit ? new LegRank(ranks[0], hit.Score) : null;
            LegRank? vector = ranks[1] > 0 ? new LegRank(ranks[1], neighbours[ranks[1] - 1].Similarity) : null;
            (match?.IsCode == true ? codes : others).Add(new(id, score, match?.IsCode == true, text, vector, match?.MatchedWords ?? []));
        }
        codes.AddRange(others);
        return codes;
    }

    private SearchPage Page(PinnedResult result, int offset, int pageSize, Func<Guid> pin)
    {
        var end = Math.Min(offset + pageSize, result.Hits.Count);
        var next = end < result.Hits.Count ? _cursors.Write(pin(), end) : null;
        return new(result.Hits.Count, [.. result.Hits.Skip(offset).Take(pageSize)], next, result.Degraded) { Understood = result.Understood };
    }
}
