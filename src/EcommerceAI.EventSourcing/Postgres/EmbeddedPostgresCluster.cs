using System.Globalization;
using Npgsql;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>
/// One data directory and the server in it: makes, starts, reaches and stops it. Every method that changes something is called with the
/// start/stop lock held.
/// </summary>
internal sealed class EmbeddedPostgresCluster(
    string dataDirectory, EmbeddedPostgresOptions options, EmbeddedPostgresBinaries binaries, EmbeddedPostgresAccount account)
{
    public const string Superuser = "postgres";

    private const long LogRotationBytes = 16 << 20;
    private const int LogTailBytes = 4096;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan OrphanGrace = TimeSpan.FromSeconds(3);

    private string Log => Path.Combine(dataDirectory, "server.log");

    /// <summary>The major version that made a cluster, or null where there is none.</summary>
    /// <exception cref="EmbeddedPostgresException">The directory holds something else.</exception>
    public static int? MajorOf(string dataDirectory)
    {
        var version = Path.Combine(dataDirectory, "PG_VERSION");
        if (File.Exists(version))
            return int.Parse(File.ReadAllText(version).Trim(), CultureInfo.InvariantCulture);
        return !Directory.Exists(dataDirectory) || !Directory.EnumerateFileSystemEntries(dataDirectory).Any()
            ? null
            : throw new EmbeddedPostgresException($"{dataDirectory} is not empty and holds no PostgreSQL cluster: remove it or name another directory.");
    }

    /// <summary>Makes the cluster where there is none.</summary>
    public async Task CreateIfMissingAsync(CancellationToken cancellationToken)
    {
        if (MajorOf(dataDirectory) is not null)
        {
            if (await EmbeddedPostgresAccount.OwnerOfAsync(dataDirectory, cancellationToken) != account.UserId)
                await account.OwnAsync(dataDirectory, cancellationToken);
            return;
        }

        // A data directory is whole or not there: initdb works beside it, and what a killed one left is thrown away.
        var unfinished = dataDirectory + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        EmbeddedPostgresPrivateFiles.CreateDirectory(unfinished);
        await account.OwnAsync(unfinished, cancellationToken);

        var durable = !options.Settings.TryGetValue("fsync", out var fsync) || fsync != "off";
        var made = await EmbeddedPostgresCommand.RunAsync(
            await account.CommandLineInAsync(unfinished, InitDb, cancellationToken), cancellationToken);
        if (!made.Succeeded)
            throw new EmbeddedPostgresException($"initdb could not make a cluster in {dataDirectory} as user {account.Name}: {made.Said}");

        if (Directory.Exists(dataDirectory))
            Directory.Delete(dataDirectory);
        Directory.Move(unfinished, dataDirectory);
        if (durable)
            await EmbeddedPostgresCommand.RequireAsync(["sync", Path.GetDirectoryName(dataDirectory)!], cancellationToken);

        IReadOnlyList<string> InitDb(string path) =>
        [
            binaries.InitDb, "-D", path, "-U", Superuser, "--encoding=UTF8", "--locale=C", "--data-checksums",
            "--auth-local=trust", "--auth-host=reject", .. durable ? Array.Empty<string>() : ["--no-sync"],
        ];
    }

    /// <summary>Finds the running server, or starts one; the socket's directory either way, and whether it was running.</summary>
    /// <param name="leaveAndTestForOthers">True if no other process uses the server, so that one that cannot be reached may be stopped.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<(string SocketDirectory, bool WasRunning)> AttachOrStartAsync(
        Func<bool> leaveAndTestForOthers, CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + (long)options.StartTimeout.TotalMilliseconds;
        while (EmbeddedPostgresPostmaster.Read(dataDirectory) is { IsAlive: true } running)
        {
            if (await AnswersAsync(running.SocketDirectory, cancellationToken))
            {
                await EmbeddedPostgresSocketDirectory.VerifyAsync(running.SocketDirectory, account, cancellationToken);
                return (running.SocketDirectory, true);
            }

            var cutOff = running.IsReady && !Path.Exists(EmbeddedPostgresSocketDirectory.SocketIn(running.SocketDirectory));
            if (cutOff && leaveAndTestForOthers())
                await StopAsync(cancellationToken);
            else if (cutOff || Environment.TickCount64 > deadline)
                throw Failure($"The server (process {running.ProcessId}) of {dataDirectory} runs but does not answer in {running.SocketDirectory}.");
            else
                await Task.Delay(Poll, cancellationToken);
        }

        return (await StartAsync(cancellationToken), false);
    }

    /// <summary>Stops the server if it runs: sessions are ended, what was committed is on disk.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (EmbeddedPostgresPostmaster.Read(dataDirectory) is not { IsAlive: true } running)
            return;
        var stopped = await EmbeddedPostgresCommand.RunAsync(await PgCtlAsync(["stop", "-m", "fast"], cancellationToken), cancellationToken);
        if (!stopped.Succeeded && running.IsAlive)
            throw Failure($"The server (process {running.ProcessId}) of {dataDirectory} could not be stopped: {stopped.Said}");
        if (Directory.Exists(running.SocketDirectory))
            Directory.Delete(running.SocketDirectory, recursive: true);
    }

    private async Task<string> StartAsync(CancellationToken cancellationToken)
    {
        await EndOrphansAsync(cancellationToken);
        var socketDirectory = EmbeddedPostgresSocketDirectory.For(dataDirectory, account);
        await EmbeddedPostgresSocketDirectory.PrepareAsync(socketDirectory, account, cancellationToken);
        var hasCustom = File.Exists(Path.Combine(dataDirectory, EmbeddedPostgresSettings.Custom));
        await WriteConfigurationAsync(EmbeddedPostgresSettings.Render(socketDirectory, options.Settings, hasCustom), cancellationToken);
        if (new FileInfo(Log) is { Exists: true, Length: > LogRotationBytes })
            File.Move(Log, Log + ".1", overwrite: true);

        var started = await EmbeddedPostgresCommand.RunAsync(await PgCtlAsync(["start"], cancellationToken), cancellationToken);
        return started.Succeeded
            ? socketDirectory
            : throw Failure($"PostgreSQL {binaries.Major} did not start in {dataDirectory} as user {account.Name}: {started.Said}");
    }

    /// <summary>
    /// Clears the way after a server that was killed. Its sessions notice within moments and end; one that is deep in a query is told to,
    /// with the signal the server itself uses. Only when nothing is left in the directory is a pid file dropped whose number has gone to
    /// another process (PostgreSQL would take that for a running server); in every other case the server judges its file itself.
    /// </summary>
    private async Task EndOrphansAsync(CancellationToken cancellationToken)
    {
        var began = Environment.TickCount64;
        var told = false;
        while (EmbeddedPostgresPostmaster.ProcessesIn(dataDirectory) is { Count: > 0 } orphans)
        {
            var waited = TimeSpan.FromMilliseconds(Environment.TickCount64 - began);
            if (waited > OrphanGrace + OrphanGrace)
                throw Failure($"Processes of an earlier server still work in {dataDirectory}: {string.Join(", ", orphans)}.");
            if (waited > OrphanGrace && !told)
            {
                var ids = orphans.Select(orphan => orphan.ToString(CultureInfo.InvariantCulture));
                await EmbeddedPostgresCommand.RunAsync(["kill", "-QUIT", .. ids], cancellationToken);
                told = true;
            }

            await Task.Delay(Poll, cancellationToken);
        }

        if (OperatingSystem.IsLinux() && EmbeddedPostgresPostmaster.Read(dataDirectory) is { } stale && Path.Exists($"/proc/{stale.ProcessId}"))
            File.Delete(EmbeddedPostgresPostmaster.FileIn(dataDirectory));
    }

    private async Task WriteConfigurationAsync(string text, CancellationToken cancellationToken)
    {
        // New file, then rename: root must not write through a link that the account may have put there.
        var target = Path.Combine(dataDirectory, "postgresql.conf");
        var draft = target + ".new";
        File.Delete(draft);
        await EmbeddedPostgresPrivateFiles.CreateAsync(draft, text, cancellationToken);
        await account.OwnAsync(draft, cancellationToken);
        File.Move(draft, target, overwrite: true);
    }

    private Task<IReadOnlyList<string>> PgCtlAsync(string[] action, CancellationToken cancellationToken)
    {
        var seconds = ((int)options.StartTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return account.CommandLineInAsync(
            dataDirectory,
            path => [binaries.PgCtl, .. action, "-D", path, "-w", "-s", "-t", seconds, "-l", Path.Combine(path, "server.log")],
            cancellationToken);
    }

    private static async Task<bool> AnswersAsync(string socketDirectory, CancellationToken cancellationToken)
    {
        if (socketDirectory.Length == 0)
            return false;
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString(socketDirectory, "postgres", pooling: false));
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (PostgresException error)
        {
            // Any answer but "starting up" or "shutting down" comes from a working server, "too many connections" for one.
            return error.SqlState != PostgresErrorCodes.CannotConnectNow;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public static string ConnectionString(string socketDirectory, string database, bool pooling = true) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = socketDirectory,
            Port = EmbeddedPostgresSocketDirectory.Port,
            Username = Superuser,
            Database = database,
            Pooling = pooling,
            // The socket is private: nothing to negotiate.
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;

    private EmbeddedPostgresException Failure(string message)
    {
        if (!File.Exists(Log))
            return new EmbeddedPostgresException(message);
        using var log = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(-Math.Min(LogTailBytes, log.Length), SeekOrigin.End);
        using var reader = new StreamReader(log);
        return new EmbeddedPostgresException($"{message}\nThe end of {Log}:\n{reader.ReadToEnd().TrimEnd()}");
    }
}
