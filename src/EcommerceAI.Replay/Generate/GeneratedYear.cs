using EcommerceAI.Replay.OnlineRetail.Generation;

namespace EcommerceAI.Replay.Generate;

/// <summary>The year that an empty store is filled with where no data is at hand.</summary>
internal static class GeneratedYear
{
    /// <summary>The file in a folder, written first where it is not there yet; the same on every machine.</summary>
    public static string EnsureFile(string folder)
    {
        var file = Path.Combine(folder, "generated-year.csv");
        if (File.Exists(file)) return file;
        Directory.CreateDirectory(folder);
        new RetailYearGenerator().WriteFile(file);
        return file;
    }
}
