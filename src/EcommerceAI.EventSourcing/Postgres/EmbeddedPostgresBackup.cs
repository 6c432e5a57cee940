using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>What a run of <see cref="EmbeddedPostgresBackup"/> did.</summary>
/// <param name="IsNewBase">Whether a base backup was taken; else only the log since the last run was fetched.</param>
/// <param name="ReachesTo">The latest moment that can now be restored.</param>
/// <param name="Bytes">The size of the backup.</param>
public sealed record BackupResult(bool IsNewBase, DateTimeOffset ReachesTo, long Bytes);

/// <summary>
/// Copies a cluster into a folder while it runs: a base backup at the first run, and at every run the write-ahead log since, so that any
/// moment between the base backup and the last run can be restored. The server keeps what has not been fetched by a replication slot;
/// where no backup is kept there is no slot, and nothing costs anything.
/// </summary>
/// <param name="connectionString">Any database of the cluster, as a user who may replicate.</param>
/// <param name="folder">Where the backup goes.</param>
public sealed class EmbeddedPostgresBackup(string connectionString, EmbeddedPostgresBackupFolder folder)
{
    private static readonly UnixFileMode OwnerOnly = EmbeddedPostgresPrivateFiles.DirectoryMode;

    /// <summary>Takes or continues a backup.</summary>
    /// <param name="isFull">Take a new base backup even where one is; it takes the old one's place when it is complete.</param>
    /// <param name="cancellation">Gives up; what was complete before stays so.</param>
    /// <exception cref="EmbeddedPostgresException">It could not be done; the message says why in one line.</exception>
    public async Task<BackupResult> RunAsync(bool isFull = false, CancellationToken cancellation = default)
    {
        if (OperatingSystem.IsWindows()) throw EmbeddedPostgresPrivateFiles.NotOnWindows();
        Directory.CreateDirectory(folder.Directory, OwnerOnly);
        await using var alone = Lock();
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var binaries = await EmbeddedPostgresBinaries.FindAsync(null, connection.PostgreSqlVersion.Major, cancellation);
        var system = (string)(await ScalarAsync(connection, "select system_identifier::text from pg_control_system()", cancellation))!;
        using var access = new ConnectionFile(connectionString);

        var known = folder.Find();
        if (known is not null && known.SystemIdentifier != system && !isFull)
            throw new EmbeddedPostgresException($"{folder.Directory} is the backup of another cluster (system identifier {known.SystemIdentifier}; a cluster that was carried over to a newer PostgreSQL is another one): name another folder, or take its place with `backup --full`.");
        var isNewBase = known is null || isFull;
        if (isNewBase) known = await TakeBaseAsync(connection, binaries, access.ConnectionInfo, system, known, cancellation);
        await RequireSlotAsync(connection, known!, cancellation);
        var reachesTo = await FetchAsync(connection, binaries, access.ConnectionInfo, known!.Slot, cancellation);
        folder.Write(known with { ReachesTo = reachesTo });
        return new BackupResult(isNewBase, reachesTo, EmbeddedPostgresBackupFolder.SizeOf(folder.Directory));
    }

    /// <summary>A new base backup beside the old one, checked against its manifest, and then in its place.</summary>
    private async Task<BackupDescription> TakeBaseAsync(
        NpgsqlConnection connection, EmbeddedPostgresBinaries binaries, string connectionInfo, string system, BackupDescription? former, CancellationToken cancellation)
    {
        var size = (long)(decimal)(await ScalarAsync(connection, "select sum(pg_database_size(oid)) from pg_database", cancellation))!;
        EmbeddedPostgresBackupFolder.RequireRoom(folder.Directory, size);
        var slot = "ecommerceai_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        await ScalarAsync(connection, $"select pg_create_physical_replication_slot('{slot}', true)::text", cancellation);
        try
        {
            // The segment that is being written may still hold what was destroyed since, the keys of forgotten subjects: begin a new one.
            await ScalarAsync(connection, "select pg_switch_wal()::text", cancellation);
            var unfinished = folder.Base + ".new";
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
            await EmbeddedPostgresBackupFolder.RunAsync(
                binaries, "pg_basebackup", ["-D", unfinished, "-F", "p", "-X", "stream", "-c", "fast", "--no-password", "-d", connectionInfo], cancellation);
            await EmbeddedPostgresBackupFolder.RunAsync(binaries, "pg_verifybackup", ["-q", unfinished], cancellation);
            var ended = await ReadClockAsync(connection, cancellation);
            Replace(unfinished);
            var description = new BackupDescription(1, binaries.Major, system, slot, ended, ended);
            folder.Write(description);
            if (former is not null) await DropSlotAsync(connection, former.Slot, cancellation);
            return description;
        }
        catch
        {
            await DropSlotAsync(connection, slot, CancellationToken.None);
            throw;
        }
    }

    /// <summary>The log goes on where the base backup's own ends: its segments are whole, and the first ones of the new sequence.</summary>
    private void Replace(string unfinished)
    {
        if (Directory.Exists(folder.Base)) Directory.Delete(folder.Base, recursive: true);
        if (Directory.Exists(folder.Wal)) Directory.Delete(folder.Wal, recursive: true);
        Directory.Move(unfinished, folder.Base);
        if (!OperatingSystem.IsWindows()) Directory.CreateDirectory(folder.Wal, OwnerOnly);
        foreach (var segment in Directory.EnumerateFiles(Path.Combine(folder.Base, "pg_wal")).Where(file => Path.GetFileName(file).Length == 24))
            File.Copy(segment, Path.Combine(folder.Wal, Path.GetFileName(segment)));
    }

    private async Task RequireSlotAsync(NpgsqlConnection connection, BackupDescription known, CancellationToken cancellation)
    {
        var state = await ScalarAsync(connection, $"select wal_status from pg_replication_slots where slot_name = '{known.Slot}'", cancellation) as string;
        if (state is null or "lost")
            throw new EmbeddedPostgresException(
                $"The server has not kept its log for {folder.Directory} ({(state is null ? "its slot is gone, as after a restore" : "it had grown too large")}): run `backup --full`.");
    }

    /// <summary>Ends the segment that is being written, and fetches up to its end.</summary>
    private async Task<DateTimeOffset> FetchAsync(
        NpgsqlConnection connection, EmbeddedPostgresBinaries binaries, string connectionInfo, string slot, CancellationToken cancellation)
    {
        // Something must have been written for a segment to be ended.
        await ScalarAsync(connection, "select pg_create_restore_point('ecommerceai_backup')::text", cancellation);
        var moment = await ReadClockAsync(connection, cancellation);
        var switched = ulong.Parse(
            (string)(await ScalarAsync(connection, "select (pg_switch_wal() - '0/0'::pg_lsn)::text", cancellation))!, CultureInfo.InvariantCulture);
        var segment = ulong.Parse(
            (string)(await ScalarAsync(connection, "select setting from pg_settings where name = 'wal_segment_size'", cancellation))!, CultureInfo.InvariantCulture);
        // It stops beyond this position: the last byte of the segment makes it take all of it.
        var last = ((switched + segment - 1) / segment * segment) - 1;
        await EmbeddedPostgresBackupFolder.RunAsync(
            binaries, "pg_receivewal",
            ["-D", folder.Wal, "-S", slot, "--endpos", new NpgsqlLogSequenceNumber(last).ToString(), "--no-loop", "--no-password", "-d", connectionInfo],
            cancellation);
        return moment;
    }

    private FileStream Lock()
    {
        try
        {
            return new FileStream(Path.Combine(folder.Directory, "backup.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException busy)
        {
            throw new EmbeddedPostgresException($"Another backup is being written to {folder.Directory}.", busy);
        }
    }

    private static Task<object?> DropSlotAsync(NpgsqlConnection connection, string slot, CancellationToken cancellation) =>
        ScalarAsync(connection, $"select pg_drop_replication_slot(slot_name)::text from pg_replication_slots where slot_name = '{slot}' and not active", cancellation);

    private static async Task<DateTimeOffset> ReadClockAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        new((DateTime)(await ScalarAsync(connection, "select clock_timestamp()", cancellation))!);

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>How PostgreSQL's own programs reach the server; a password goes through a private file, not through the list of processes.</summary>
    private sealed class ConnectionFile : IDisposable
    {
        private readonly string? _passwords;

        public ConnectionFile(string connectionString)
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            var parts = new List<string> { $"host={Quote(settings.Host ?? "")}", $"port={settings.Port}", $"user={Quote(settings.Username ?? "")}" };
            if (settings.Password is { Length: > 0 } password)
            {
                _passwords = Path.Combine(Directory.CreateTempSubdirectory("ecommerceai-").FullName, "pgpass");
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                using var writer = new StreamWriter(_passwords, options);
                writer.Write($"*:*:*:*:{password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal)}\n");
                parts.Add($"passfile={Quote(_passwords)}");
            }

            ConnectionInfo = string.Join(' ', parts);
        }

        public string ConnectionInfo { get; }

        public void Dispose()
        {
            if (_passwords is not null) Directory.Delete(Path.GetDirectoryName(_passwords)!, recursive: true);
        }

        private static string Quote(string value) =>
            $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
    }
}
