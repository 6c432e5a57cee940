namespace EcommerceAI.Replay.Import;

/// <summary>The real year, where it lies beside the repository.</summary>
internal static class RealYear
{
    private static readonly string Place = Path.Combine("..", "shared", "data", "online-retail", "online_retail.csv.gz");

    /// <summary>The file beside the checkout that this program was built in, or null where there is none.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "EcommerceAI.sln"))) continue;
            var file = Path.GetFullPath(Path.Combine(folder.FullName, Place));
            return File.Exists(file) ? file : null;
        }

        return null;
    }
}
