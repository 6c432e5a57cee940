using System.Globalization;
using Npgsql;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>Up to where a backup is restored; all of it where neither is given.</summary>
/// <param name="Moment">
/// What had been committed by this moment, by the server's clock. It must lie between the end of the base backup and the last run.
/// </param>
/// <param name="Position">
/// What had been committed when the event of this position was, and it too: everything up to the commit of the transaction that wrote the
/// event's row. Events that were committed with or before it are there, though some may have a higher position.
/// </param>
public sealed record RestoreTarget(DateTimeOffset? Moment = null, long? Position = null);

/// <summary>Restores a backup into a data directory of the private cluster. What was there is put aside, never deleted.</summary>
/// <param name="folder">The backup.</param>
/// <param name="dataDirectory">The data directory; its parent must be there.</param>
public sealed class EmbeddedPostgresRestore(EmbeddedPostgresBackupFolder folder, string dataDirectory)
{
    /// <summary>Segments lie here while they are replayed, where the server's account can read them whatever folder they came from.</summary>
    private const string Segments = "restored_wal";

    private readonly string _target = Path.GetFullPath(dataDirectory);

    private string Unfinished => _target + ".restoring";

    /// <summary>Restores. Until it is complete nothing is there under the data directory's name but what was before.</summary>
    /// <param name="target">Up to where.</param>
    /// <param name="database">The database that holds the log.</param>
    /// <param name="isForced">Put a cluster that is there aside; without it, that is refused.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Where a cluster that was there has been put, or null.</returns>
    /// <exception cref="EmbeddedPostgresException">It could not be done; the message says why in one line.</exception>
    public async Task<string?> RunAsync(RestoreTarget target, string database, bool isForced = false, CancellationToken cancellation = default)
    {
        var description = folder.Require();
        RequireReachable(target, description);
        var account = await EmbeddedPostgresAccount.ForAsync(_target, cancellation);
        var locks = new EmbeddedPostgresLocks(_target, account);
        await locks.PrepareAsync(cancellation);
        await using var door = await locks.EnterAsync(TimeSpan.FromSeconds(30), cancellation);
        await RequireFreeAsync(locks, account, isForced, cancellation);

        var binaries = await EmbeddedPostgresBinaries.FindAsync(null, description.Major, cancellation);
        await EmbeddedPostgresBackupFolder.RunAsync(binaries, "pg_verifybackup", ["-q", folder.Base], cancellation);
        EmbeddedPostgresBackupFolder.RequireRoom(
            Path.GetDirectoryName(_target)!, EmbeddedPostgresBackupFolder.SizeOf(folder.Base) + EmbeddedPostgresBackupFolder.SizeOf(folder.Wal));
        try
        {
            var settings = target switch
            {
                { Position: { } position } => new("recovery_target_xid", await FindTransactionAsync(binaries, database, position, cancellation)),
                { Moment: { } moment } => new("recovery_target_time", moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture)),
                _ => default(KeyValuePair<string, string>?),
            };
            await using (await RecoverAsync(binaries, settings, cancellation))
            {
                // Started and stopped once, it has promoted itself and no longer needs the segments.
            }

            Directory.Delete(Path.Combine(Unfinished, Segments), recursive: true);
            await EmbeddedPostgresCommand.RequireAsync(
                await account.CommandLineInAsync(Unfinished, path => [binaries.InitDb, "--sync-only", "-D", path], cancellation), cancellation);
            var aside = PutInPlace();
            await EmbeddedPostgresCommand.RequireAsync(["sync", Path.GetDirectoryName(_target)!], CancellationToken.None);
            return aside;
        }
        finally
        {
            RemoveUnfinished();
        }
    }

    private void RequireReachable(RestoreTarget target, BackupDescription description)
    {
        if (!Directory.Exists(folder.Base) || !Directory.Exists(folder.Wal))
            throw new EmbeddedPostgresException($"The backup in {folder.Directory} is incomplete: its base or its wal folder is missing.");
        if (Directory.EnumerateFileSystemEntries(Path.Combine(folder.Base, "pg_tblspc")).Any())
            throw new EmbeddedPostgresException($"The backup in {folder.Directory} has tablespaces, which a private cluster cannot take over.");
        if (target.Moment is { } moment && (moment < description.BaseEnded || moment > description.ReachesTo))
            throw new EmbeddedPostgresException(
                $"The backup in {folder.Directory} can be restored to a moment from {description.BaseEnded.UtcDateTime:O} to {description.ReachesTo.UtcDateTime:O}, not to {moment.UtcDateTime:O}.");
    }

    private async Task RequireFreeAsync(EmbeddedPostgresLocks locks, EmbeddedPostgresAccount account, bool isForced, CancellationToken cancellation)
    {
        if (!Directory.Exists(_target) || !Directory.EnumerateFileSystemEntries(_target).Any()) return;
        if (!isForced) throw new EmbeddedPostgresException($"{_target} holds a cluster: name another folder, or --force to put it aside.");
        if (!locks.NobodyLeft()) throw new EmbeddedPostgresException($"The cluster in {_target} is in use: stop the programs that use it first.");
        if (EmbeddedPostgresPostmaster.Read(_target) is not { IsAlive: true }) return;
        // Left running by a process that was killed.
        var binaries = await EmbeddedPostgresBinaries.FindAsync(null, EmbeddedPostgresCluster.MajorOf(_target), cancellation);
        await new EmbeddedPostgresCluster(_target, new EmbeddedPostgresOptions { DataDirectory = _target }, binaries, account).StopAsync(cancellation);
    }

    /// <summary>The transaction that wrote an event. Only the log tells it, so that all of the backup is recovered once to look.</summary>
    private async Task<string> FindTransactionAsync(EmbeddedPostgresBinaries binaries, string database, long position, CancellationToken cancellation)
    {
        await using var whole = await RecoverAsync(binaries, null, cancellation);
        await using var connection = new NpgsqlConnection(whole.ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand("select xmin::text from events.mt_events where seq_id = $1", connection);
        command.Parameters.AddWithValue(position);
        return await command.ExecuteScalarAsync(cancellation) as string
            ?? throw new EmbeddedPostgresException($"The backup in {folder.Directory} holds no event at position {position}.");
    }

    /// <summary>Copies the backup afresh and lets a server replay the log up to the target.</summary>
    private async Task<EmbeddedPostgres> RecoverAsync(
        EmbeddedPostgresBinaries binaries, KeyValuePair<string, string>? target, CancellationToken cancellation)
    {
        RemoveUnfinished();
        await CopyAsync(folder.Base, Unfinished, cancellation);
        await CopyAsync(folder.Wal, Path.Combine(Unfinished, Segments), cancellation);
        await File.WriteAllTextAsync(Path.Combine(Unfinished, "recovery.signal"), "", cancellation);
        File.Delete(Path.Combine(Unfinished, "server.log"));
        // A server that was installed by a package may keep these elsewhere; the private cluster has its own.
        await File.WriteAllTextAsync(Path.Combine(Unfinished, "pg_hba.conf"), "local all all trust\nlocal replication all trust\n", cancellation);
        await File.WriteAllTextAsync(Path.Combine(Unfinished, "pg_ident.conf"), "", cancellation);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["restore_command"] = $"cp \"{Segments}/%f\" \"%p\"",
            ["recovery_target_action"] = "promote",
            // Nobody is let in before the target is reached; and the settings of the server that was backed up, which reading
            // meanwhile would depend on, need not be known.
            ["hot_standby"] = "off",
            // What is unfinished is thrown away after a crash; it is synchronised once, when it is complete.
            ["fsync"] = "off",
        };
        if (target is { } known) settings[known.Key] = known.Value;
        if (await TryStartAsync(binaries, settings, cancellation) is { } server) return server;

        var fatal = (await File.ReadAllLinesAsync(Path.Combine(Unfinished, "server.log"), cancellation))
            .Where(line => line.Contains("FATAL:", StringComparison.Ordinal) && !line.Contains("the database system is", StringComparison.Ordinal)).ToList();
        if (!fatal.Exists(line => line.Contains("recovery ended before configured recovery target", StringComparison.Ordinal)))
            throw new EmbeddedPostgresException($"The log in {folder.Wal} could not be replayed: {fatal.LastOrDefault() ?? "the server ended"}");
        // Nothing was committed after the moment, so that all of the log is what had been committed by then.
        if (target?.Key == "recovery_target_time") return await RecoverAsync(binaries, null, cancellation);
        throw new EmbeddedPostgresException(
            $"The event lies in the base backup in {folder.Directory} already; the earliest that can be restored is the base backup itself, {folder.Require().BaseEnded.UtcDateTime:O}.");
    }

    /// <summary>A server that has reached its target, or null where it ended before.</summary>
    private async Task<EmbeddedPostgres?> TryStartAsync(EmbeddedPostgresBinaries binaries, Dictionary<string, string> settings, CancellationToken cancellation)
    {
        EmbeddedPostgres server;
        try
        {
            // The version of the backup and no newer one: the log is replayed first, and carried over when the store is opened.
            var options = new EmbeddedPostgresOptions { DataDirectory = Unfinished, BinaryDirectory = binaries.Directory, Settings = settings };
            server = await EmbeddedPostgres.StartAsync(options, cancellation);
        }
        catch (EmbeddedPostgresException) when (File.Exists(Path.Combine(Unfinished, "server.log")))
        {
            return null;
        }

        var isRecovered = false;
        try
        {
            isRecovered = await IsRecoveredAsync(server, cancellation);
        }
        finally
        {
            if (!isRecovered) await server.DisposeAsync();
        }

        return isRecovered ? server : null;
    }

    /// <summary>Waits until the server lets sessions in, which is when it has reached the target; false when it has ended instead.</summary>
    private async Task<bool> IsRecoveredAsync(EmbeddedPostgres server, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(server.ConnectionString("postgres") + ";Pooling=false");
                await connection.OpenAsync(cancellation);
                return true;
            }
            catch (NpgsqlException)
            {
                if (EmbeddedPostgresPostmaster.Read(Unfinished) is not { IsAlive: true }) return false;
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
            }
        }
    }

    private string? PutInPlace()
    {
        string? aside = null;
        if (Directory.Exists(_target))
        {
            if (Directory.EnumerateFileSystemEntries(_target).Any())
            {
                aside = $"{_target}.before-{DateTime.UtcNow.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}";
                Directory.Move(_target, aside);
            }
            else
            {
                Directory.Delete(_target);
            }
        }

        Directory.Move(Unfinished, _target);
        return aside;
    }

    private void RemoveUnfinished()
    {
        if (Directory.Exists(Unfinished)) Directory.Delete(Unfinished, recursive: true);
        foreach (var file in (string[])[Unfinished + ".lock", Unfinished + ".users"]) File.Delete(file);
    }

    private static async Task CopyAsync(string from, string to, CancellationToken cancellation)
    {
        EmbeddedPostgresPrivateFiles.CreateDirectory(to);
        await EmbeddedPostgresCommand.RequireAsync(["cp", "-R", "-p", "--", Path.Combine(from, "."), to], cancellation);
    }
}
