using System.Text.Json;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>What a backup folder says about itself.</summary>
/// <param name="Format">1.</param>
/// <param name="Major">The major version of the server.</param>
/// <param name="SystemIdentifier">PostgreSQL's own id of the cluster.</param>
/// <param name="Slot">The replication slot by which the server keeps what has not been fetched yet.</param>
/// <param name="BaseEnded">When the base backup was complete: the earliest moment that can be restored.</param>
/// <param name="ReachesTo">The latest moment that can be restored, by the server's clock.</param>
public sealed record BackupDescription(
    int Format, int Major, string SystemIdentifier, string Slot, DateTimeOffset BaseEnded, DateTimeOffset ReachesTo);

/// <summary>A backup's folder: a base backup, the log since, and what lies beside the database.</summary>
/// <param name="path">The folder.</param>
public sealed class EmbeddedPostgresBackupFolder(string path)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The folder itself.</summary>
    public string Directory { get; } = Path.GetFullPath(path);

    /// <summary>The base backup, a data directory with its manifest.</summary>
    public string Base => Path.Combine(Directory, "base");

    /// <summary>Segments of the write-ahead log, from the base backup on.</summary>
    public string Wal => Path.Combine(Directory, "wal");

    /// <summary>Published heads and public keys of the chain, as they were at the last run.</summary>
    public string Chain => Path.Combine(Directory, "chain");

    private string DescriptionFile => Path.Combine(Directory, "backup.json");

    /// <summary>The description, or null where no backup has been completed here.</summary>
    /// <exception cref="EmbeddedPostgresException">The description cannot be read.</exception>
    public BackupDescription? Find()
    {
        if (!File.Exists(DescriptionFile)) return null;
        try
        {
            return JsonSerializer.Deserialize<BackupDescription>(File.ReadAllText(DescriptionFile), Json) is { Format: 1 } description
                ? description
                : throw new EmbeddedPostgresException($"{DescriptionFile} is of a format that this version does not know.");
        }
        catch (JsonException broken)
        {
            throw new EmbeddedPostgresException($"{DescriptionFile} is damaged: {broken.Message}", broken);
        }
    }

    /// <summary>The description.</summary>
    /// <exception cref="EmbeddedPostgresException">There is no complete backup here.</exception>
    public BackupDescription Require() =>
        Find() ?? throw new EmbeddedPostgresException($"{Directory} holds no complete backup.");

    internal void Write(BackupDescription description)
    {
        var draft = DescriptionFile + ".new";
        using (var file = File.Create(draft))
        {
            JsonSerializer.Serialize(file, description, Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, DescriptionFile, overwrite: true);
    }

    /// <summary>Bytes of all files below a directory.</summary>
    internal static long SizeOf(string directory) =>
        new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>Refuses work that the disk has no room for, before it is begun.</summary>
    internal static void RequireRoom(string directory, long bytes)
    {
        var free = new DriveInfo(directory).AvailableFreeSpace;
        if (free < bytes + (bytes / 20))
            throw new EmbeddedPostgresException($"There is no room in {directory}: {bytes >> 20:N0} MiB are needed and {free >> 20:N0} MiB are free.");
    }

    /// <summary>Runs one of PostgreSQL's programs; what it says goes into one line.</summary>
    internal static async Task RunAsync(EmbeddedPostgresBinaries binaries, string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var file = Path.Combine(binaries.Directory, program);
        if (!File.Exists(file))
            throw new EmbeddedPostgresException($"There is no {program} in {binaries.Directory}: install PostgreSQL {binaries.Major} with its client programs.");
        var result = await EmbeddedPostgresCommand.RunAsync([file, .. arguments], cancellation);
        if (!result.Succeeded)
            throw new EmbeddedPostgresException(
                $"{program} failed: {string.Join("; ", result.Said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(3))}");
    }
}
