namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>Makes directories and files that nobody but their owner can open, from the first moment on.</summary>
internal static class EmbeddedPostgresPrivateFiles
{
    public const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            throw NotOnWindows();
        Directory.CreateDirectory(path, DirectoryMode);
    }

    /// <summary>Writes a file that must not exist yet, not even as a link.</summary>
    public static async Task CreateAsync(string path, string text, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            throw NotOnWindows();
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerReadWrite };
        await using var writer = new StreamWriter(path, create);
        await writer.WriteAsync(text.AsMemory(), cancellationToken);
    }

    public static EmbeddedPostgresException NotOnWindows() =>
        new("The embedded cluster needs a Unix: set ConnectionStrings__EventStore to a PostgreSQL server instead.");
}
