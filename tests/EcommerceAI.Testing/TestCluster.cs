using System.Diagnostics;
using System.Globalization;
using EcommerceAI.EventSourcing.Postgres;

namespace EcommerceAI.Testing;

/// <summary>
/// The one PostgreSQL cluster of a test process, in a temporary directory. A small shell process waits for the test process to end,
/// in whatever way it ends, and then removes server and directory: the test host is given no time to do so itself.
/// </summary>
internal static class TestCluster
{
    private const string NamePrefix = "ecommerceai-test-";

    private const string RemoveAfterwards = """
        exec </dev/null >/dev/null 2>&1
        trap '' INT TERM HUP
        while kill -0 "$1"; do sleep 0.2; done
        pidfile=$2/postgres/postmaster.pid
        if [ -f "$pidfile" ]; then
          server=$(sed -n 1p "$pidfile")
          socket=$(sed -n 5p "$pidfile")
          case $(cat "/proc/$server/comm" || ps -o comm= -p "$server") in *postgres*) kill -QUIT "$server" ;; esac
          tries=0
          while [ -f "$pidfile" ] && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
          case $socket in */ecommerceai-*) rm -rf "$socket" ;; esac
        fi
        rm -rf "$2"
        """;

    private static readonly Lazy<Task<EmbeddedPostgres>> Started = new(StartAsync);

    /// <summary>The cluster, started by the first who asks.</summary>
    public static Task<EmbeddedPostgres> Instance => Started.Value;

    private static async Task<EmbeddedPostgres> StartAsync()
    {
        SweepFormerRuns();
        var directory = DirectoryOf(Environment.ProcessId);
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        Directory.CreateDirectory(directory);
        RemoveAfter(Environment.ProcessId, directory);
        return await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions
        {
            DataDirectory = Path.Combine(directory, "postgres"),
            Settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                // Only a power cut tells these from the durable settings; a killed server recovers either way.
                ["fsync"] = "off",
                ["full_page_writes"] = "off",
                ["max_connections"] = "500",
            },
        });
    }

    /// <summary>Directories of runs that were killed together with the process that should have removed them.</summary>
    private static void SweepFormerRuns()
    {
        foreach (var directory in Directory.EnumerateDirectories(Path.GetTempPath(), NamePrefix + "*"))
        {
            var number = Path.GetFileName(directory)[NamePrefix.Length..];
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var owner) && !IsAlive(owner))
                RemoveAfter(owner, directory);
        }
    }

    private static void RemoveAfter(int processId, string directory)
    {
        var id = processId.ToString(CultureInfo.InvariantCulture);
        using var remover = Process.Start(new ProcessStartInfo("sh", ["-c", RemoveAfterwards, "sh", id, directory]) { UseShellExecute = false });
    }

    private static string DirectoryOf(int processId) =>
        Path.Combine(Path.GetTempPath(), NamePrefix + processId.ToString(CultureInfo.InvariantCulture));

    private static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
