namespace EcommerceAI.Replay.Bench;

/// <summary>Programs that a measurement compares with or is loaded by, where the machine has them.</summary>
internal static class ProgramOnPath
{
    /// <summary>Where a program is, or null where it is not installed.</summary>
    /// <param name="name">Its file's name.</param>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
