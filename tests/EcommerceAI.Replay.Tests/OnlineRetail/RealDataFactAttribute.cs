using Xunit;

namespace EcommerceAI.Replay.Tests.OnlineRetail;

/// <summary>A test over the real year; skipped by name where the file is not at hand.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealDataFactAttribute : FactAttribute
{
    private const string Relative = "shared/data/online-retail/online_retail.csv.gz";

    public RealDataFactAttribute()
    {
        if (Path is null) Skip = $"The real year ({Relative}, beside the repository) is not at hand.";
    }

    /// <summary>Where the real year is, or null.</summary>
    public static string? Path { get; } = Find();

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = System.IO.Path.Combine(folder.FullName, Relative);
            if (File.Exists(path)) return path;
        }
        return null;
    }
}
