namespace EcommerceAI.Search.Tests;

/// <summary>A hybrid index whose legs can be made to fail, and a searcher over it that waits long unless told otherwise.</summary>
internal sealed class Shop : IDisposable
{
    private FaultyVectorIndex? _vectors;

    public Shop(HybridSearchOptions? options = null, TimeProvider? time = null)
    {
        Text = new(Documents.TitleIndex());
        Index = new(Text, new() { EmbeddedFields = ["title"], CreateVectorIndex = dimensions => _vectors = new(dimensions) });
        Searcher = new(Index, options ?? Patient, time);
    }

    /// <summary>Options with a deadline that a loaded machine keeps too.</summary>
    public static HybridSearchOptions Patient { get; } = new() { Deadline = TimeSpan.FromMinutes(1) };

    public FaultyTextIndex Text { get; }

    public FaultyVectorIndex Vectors => _vectors ?? throw new InvalidOperationException("Not trained.");

    public HybridIndex Index { get; }

    public HybridSearcher Searcher { get; }

    public async Task PutAsync(params SearchDocument[] documents) =>
        (await Index.WriteAsync([.. documents.Select(DocumentWrite.Upsert)])).ShouldAllBe(r => r.Status == WriteStatus.Applied);

    public async Task<SearchPage> SearchAsync(string text, int pageSize = 100) =>
        (await Searcher.SearchAsync(new() { Text = text, PageSize = pageSize })).ShouldBeOfType<SearchPage>();

    public async Task<SearchPage> SearchAsync(SearchRequest request) => (await Searcher.SearchAsync(request)).ShouldBeOfType<SearchPage>();

    public async Task<SearchPage> GoOnAsync(string cursor, int pageSize = 100) =>
        (await Searcher.SearchAsync(new() { Cursor = cursor, PageSize = pageSize })).ShouldBeOfType<SearchPage>();

    public async Task<SearchRefused> RefusalAsync(SearchRequest request) => (await Searcher.SearchAsync(request)).ShouldBeOfType<SearchRefused>();

    public void Dispose() => Index.Dispose();
}
