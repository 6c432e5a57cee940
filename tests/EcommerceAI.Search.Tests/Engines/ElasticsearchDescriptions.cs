namespace EcommerceAI.Search.Tests.Engines;

/// <summary>The descriptions of the oldest and the newest Elasticsearch served, where scripts/elasticsearch-descriptions has put them.</summary>
internal static class ElasticsearchDescriptions
{
    public static readonly string Folder = Path.Combine(Root(), ".data", "descriptions");

    private static readonly string[] Files = [Path.Combine(Folder, "elasticsearch-8.17.0.json"), Path.Combine(Folder, "elasticsearch-9.5.0.json")];

    private static readonly Lazy<ElasticsearchContract[]> Read = new(() => [.. Files.Select(file => new ElasticsearchContract(file))]);

    public static bool AreThere => Files.All(File.Exists);

    public static ElasticsearchContract[] All => Read.Value;

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EcommerceAI.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("EcommerceAI.sln is not above the tests.");
    }
}

/// <summary>A test that needs the descriptions, skipped by name where they are not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DescribedFactAttribute : FactAttribute
{
    public DescribedFactAttribute()
    {
        if (!ElasticsearchDescriptions.AreThere) Skip = "needs Elasticsearch's descriptions: scripts/elasticsearch-descriptions";
    }
}

/// <summary>A theory that needs the descriptions, skipped by name where they are not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DescribedTheoryAttribute : TheoryAttribute
{
    public DescribedTheoryAttribute()
    {
        if (!ElasticsearchDescriptions.AreThere) Skip = "needs Elasticsearch's descriptions: scripts/elasticsearch-descriptions";
    }
}
