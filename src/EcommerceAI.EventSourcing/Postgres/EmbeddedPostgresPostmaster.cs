using System.Diagnostics;
using System.Globalization;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>The server process that <c>postmaster.pid</c> in a data directory names, alive or not.</summary>
internal sealed record EmbeddedPostgresPostmaster(string DataDirectory, int ProcessId, string SocketDirectory, string Status)
{
    /// <summary>The server has finished starting (crash recovery included), as far as its file says.</summary>
    public bool IsReady => Status == "ready";

    /// <summary>
    /// A process of that id lives and works in this data directory. A file left by a crash or a reboot may name an id that is now
    /// somebody else's, so being alive is not enough.
    /// </summary>
    public bool IsAlive => OperatingSystem.IsLinux() ? WorkingDirectoryOf(ProcessId) == DataDirectory : IsNamedPostgres(ProcessId);

    public static string FileIn(string dataDirectory) => Path.Combine(dataDirectory, "postmaster.pid");

    /// <summary>Reads the file; null if there is none, or none that names a process.</summary>
    public static EmbeddedPostgresPostmaster? Read(string dataDirectory)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(FileIn(dataDirectory));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        // The lines: process id, data directory, start time, port, socket directory, address, shared memory, status.
        return lines.Length > 0 && int.TryParse(lines[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out var processId)
            ? new EmbeddedPostgresPostmaster(
                dataDirectory,
                Math.Abs(processId),
                lines.Length > 4 ? lines[4] : "",
                lines.Length > 7 ? lines[7].Trim() : "")
            : null;
    }

    /// <summary>
    /// The processes that work in a data directory: the server, and the sessions that may outlive a killed one for a moment. Linux only,
    /// and empty elsewhere.
    /// </summary>
    public static IReadOnlyList<int> ProcessesIn(string dataDirectory) =>
        OperatingSystem.IsLinux()
            ? Directory.EnumerateDirectories("/proc")
                .Select(Path.GetFileName)
                .Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
                .Where(processId => WorkingDirectoryOf(processId) == dataDirectory)
                .ToList()
            : [];

    private static string? WorkingDirectoryOf(int processId)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{processId}/cwd", returnFinalTarget: false)?.FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Gone, a zombie, or another user's: in no case the server of a directory that is ours.
            return null;
        }
    }

    private static bool IsNamedPostgres(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.ProcessName.StartsWith("post", StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
