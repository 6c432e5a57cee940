namespace EcommerceAI.Testing;

/// <summary>The checkout that the running tests were built from.</summary>
public static class RepositoryRoot
{
    /// <summary>The directory of EcommerceAI.sln, found upwards from the test's binaries.</summary>
    public static string Path { get; } = Find();

    /// <summary>A path in the checkout.</summary>
    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "EcommerceAI.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException($"No EcommerceAI.sln in {AppContext.BaseDirectory} or above it.");
    }
}
