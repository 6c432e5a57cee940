using System.Diagnostics;
using System.Globalization;
using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.Testing;
using Npgsql;

namespace EcommerceAI.EventSourcing.Tests.Postgres;

/// <summary>A temporary directory with one cluster in it, and the things a test does to a cluster behind its back.</summary>
public sealed class ClusterDirectory : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ecommerceai-cluster-");

    public ClusterDirectory(string child = "postgres")
    {
        // Open to the server's user; the test of a closed parent closes it again.
        Run("chmod", "755", Root);
        DataDirectory = Path.Combine(_root.FullName, child);
    }

    public string Root => _root.FullName;

    public string DataDirectory { get; }

    public int ServerProcessId => int.Parse(File.ReadLines(Path.Combine(DataDirectory, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    public bool IsRunning => File.Exists(Path.Combine(DataDirectory, "postmaster.pid")) && IsAlive(ServerProcessId);

    public Task<EmbeddedPostgres> StartAsync() =>
        EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = DataDirectory });

    public static bool IsAlive(int processId) => Directory.Exists($"/proc/{processId}") && !IsZombie(processId);

    public static async Task<object?> ScalarAsync(EmbeddedPostgres postgres, string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>SIGKILL to the server itself, as by the kernel short of memory.</summary>
    public async Task KillServerAsync()
    {
        var processId = ServerProcessId;
        using var server = Process.GetProcessById(processId);
        server.Kill();
        await Wait.UntilAsync(() => !IsAlive(processId), "the killed server to be gone");
    }

    /// <summary>Runs a command that has to succeed; what it wrote.</summary>
    public static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} exited with {process.ExitCode}.");
    }

    /// <summary>Another process that uses the cluster, as far as locks tell: kill it, and it is gone as after SIGKILL.</summary>
    public async Task<Process> StartOtherUserAsync()
    {
        var inode = Run("stat", "-c", "%i", DataDirectory + ".users");
        var other = Process.Start("flock", ["--shared", DataDirectory + ".users", "sleep", "600"]);
        await Wait.UntilAsync(
            () => File.ReadLines("/proc/locks").Count(line => line.Contains($":{inode} ", StringComparison.Ordinal)) >= 2,
            "the other process to share the lock with ours");
        return other;
    }

    public static async Task EndAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (IsRunning)
        {
            using var server = Process.GetProcessById(ServerProcessId);
            server.Kill();
        }

        _root.Delete(recursive: true);
    }

    private static bool IsZombie(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
