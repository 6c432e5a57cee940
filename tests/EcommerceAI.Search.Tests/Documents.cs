namespace EcommerceAI.Search.Tests;

/// <summary>Short ways to say a document, and a seeded source of many.</summary>
internal static class Documents
{
    private static readonly string[] Vocabulary =
        [.. Enumerable.Range(0, 60).Select(i => $"{"bcdfglmnprst"[i % 12]}{"aeiou"[i % 5]}{"lmnrt"[i / 12]}{"ao"[i % 2]}x")];

    public static SearchDocument Titled(string id, string title, long version = 1, string? code = null) => new()
    {
        Id = id,
        Version = version,
        Text = new Dictionary<string, string> { ["title"] = title },
        Keywords = new Dictionary<string, IReadOnlyList<string>> { ["code"] = code is null ? [] : [code] },
    };

    /// <summary>A document of words that are the more frequent the earlier they stand in the vocabulary.</summary>
    public static SearchDocument Random(Random random, int id, long version) => new()
    {
        Id = $"d{id:000}",
        Version = version,
        Text = new Dictionary<string, string> { ["title"] = Words(random, 1, 6), ["description"] = Words(random, 0, 25) },
    };

    public static string Words(Random random, int atLeast, int atMost) =>
        string.Join(' ', Enumerable.Range(0, random.Next(atLeast, atMost + 1)).Select(_ => Vocabulary[(int)(random.NextDouble() * random.NextDouble() * 60)]));

    public static async Task PutAsync(this EmbeddedTextIndex index, params SearchDocument[] documents)
    {
        var results = await index.WriteAsync([.. documents.Select(DocumentWrite.Upsert)]);
        results.ShouldAllBe(r => r.Status == WriteStatus.Applied);
    }

    public static EmbeddedTextIndex TitleIndex() => new(new() { Fields = [new("title")], CodeFields = ["code"] });

    public static async Task<IReadOnlyList<string>> IdsAsync(this ITextIndex index, string query) =>
        [.. (await index.SearchAsync(new(query))).Hits.Select(h => h.Id)];
}
