using System.Diagnostics;
using System.Net.Sockets;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.FlashSale;

/// <summary>A Redis of a measurement's own: Debian's <c>redis-server</c>, on a socket in a folder that goes with it.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private RedisServer(Process process, string folder) => (_process, _folder) = (process, folder);

    /// <summary>The socket that it listens on.</summary>
    public UnixDomainSocketEndPoint EndPoint => new(SocketIn(_folder));

    /// <summary>Starts it with an append-only file, without snapshots and rewrites, which would only cost it time.</summary>
    /// <param name="program">The program.</param>
    /// <param name="folder">A folder on the disk that the event store is on, made here.</param>
    /// <param name="fsync">When the file is flushed: <c>always</c> (before each reply) or <c>everysec</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ReplayException">It did not start.</exception>
    public static async Task<RedisServer> StartAsync(string program, string folder, string fsync, CancellationToken cancellation)
    {
        // Whole, since the server changes its working directory before it opens its log.
        folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(folder);
        string[] arguments =
        [
            "--port", "0", "--unixsocket", SocketIn(folder), "--dir", folder, "--appendonly", "yes", "--appendfsync", fsync, "--save", "",
            "--auto-aof-rewrite-percentage", "0", "--daemonize", "no", "--logfile", Path.Combine(folder, "redis.log"),
        ];
        var server = new RedisServer(Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!, folder);
        try
        {
            for (var tried = 0; tried < 200 && !server._process.HasExited; tried++)
            {
                if (File.Exists(SocketIn(folder)) && CanConnect(server.EndPoint)) return server;
                await Task.Delay(25, cancellation);
            }

            throw new ReplayException($"redis-server did not start: {LogIn(folder)}");
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A socket's path is short by the kernel's limit of 107 bytes, so it is not in the folder of the data.</summary>
    private static string SocketIn(string folder) =>
        Path.Combine(Path.GetTempPath(), $"bench-{Environment.ProcessId}-{Path.GetFileName(folder)}.sock");

    private static string LogIn(string folder) =>
        File.Exists(Path.Combine(folder, "redis.log")) ? File.ReadAllText(Path.Combine(folder, "redis.log")).Trim() : "it wrote no log.";

    private static bool CanConnect(UnixDomainSocketEndPoint endPoint)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(endPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
