using System.Globalization;
using Npgsql;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>
/// Carries a cluster over to a newer major version with pg_upgrade, into a copy, so that the old one is still there when anything goes
/// wrong; it stays beside the new one as <c>postgres.pg15</c> until somebody removes it. Called with the start/stop lock held.
/// </summary>
internal sealed class EmbeddedPostgresUpgrade(string dataDirectory, EmbeddedPostgresOptions options, EmbeddedPostgresAccount account)
{
    /// <summary>In a copy that is complete and only has to be moved into its place, and there until the statistics are renewed.</summary>
    private const string Complete = "upgraded";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private string Copy => dataDirectory + ".upgrading";

    /// <summary>
    /// Where pg_upgrade works: the servers' sockets and its scripts. Not beside the data, whose parent may be closed to the account. Its
    /// processes are known by it, also those that outlived a killed start.
    /// </summary>
    private string Workplace => EmbeddedPostgresSocketDirectory.For(Copy, account);

    /// <summary>The programs to run the cluster with, after carrying it over to them where they are newer than it.</summary>
    /// <exception cref="EmbeddedPostgresException">No program fits the cluster, or it could not be carried over; it is as it was.</exception>
    public async Task<EmbeddedPostgresBinaries> CarryOverAsync(CancellationToken cancellationToken)
    {
        // A stop between the two moves: the old cluster is aside already, the copy not yet in its place.
        if (!Directory.Exists(dataDirectory) && File.Exists(Path.Combine(Copy, Complete))) await PutInPlaceAsync(cancellationToken);
        var major = EmbeddedPostgresCluster.MajorOf(dataDirectory);
        var found = await EmbeddedPostgresBinaries.FindAllAsync(options.BinaryDirectory, cancellationToken);
        if (Directory.Exists(Copy)) await EndBrokenOffAsync(found, cancellationToken);
        // A server that runs goes on with the programs that it runs with.
        if (major is null || EmbeddedPostgresPostmaster.Read(dataDirectory) is { IsAlive: true }) return EmbeddedPostgresBinaries.Choose(found, major);
        var (run, from) = Decide(found, major.Value);
        if (from is not null) await UpgradeAsync(from, run, cancellationToken);
        return run;
    }

    /// <summary>Renews the statistics, which pg_upgrade does not carry over, where that was not done yet; the server must run.</summary>
    public async Task RenewStatisticsAsync(string socketDirectory, CancellationToken cancellationToken)
    {
        var pending = Path.Combine(dataDirectory, Complete);
        if (!File.Exists(pending)) return;
        try
        {
            foreach (var database in await ListDatabasesAsync(socketDirectory, cancellationToken))
            {
                await using var connection = await OpenAsync(socketDirectory, database, cancellationToken);
                await using var analyze = new NpgsqlCommand("analyze", connection) { CommandTimeout = 0 };
                await analyze.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        catch (PostgresException)
        {
            // Without statistics queries are slower, not wrong: what is stored must be reachable all the same. The next start tries again.
            return;
        }

        File.Delete(pending);
    }

    /// <summary>Which programs to run a cluster with, and from which to carry it over first, or null. Pure.</summary>
    internal static (EmbeddedPostgresBinaries Run, EmbeddedPostgresBinaries? From) Decide(IReadOnlyList<EmbeddedPostgresBinaries> found, int clusterMajor)
    {
        var newest = found.MaxBy(binaries => binaries.Major);
        var own = found.FirstOrDefault(binaries => binaries.Major == clusterMajor);
        if (newest is null || newest.Major <= clusterMajor) return (EmbeddedPostgresBinaries.Choose(found, clusterMajor), null);
        if (own is null)
            throw new EmbeddedPostgresException(
                $"The cluster was made by PostgreSQL {clusterMajor}, and this machine has only {newest.Major}: install postgresql-{clusterMajor} beside it, and the next start carries the cluster over.");
        return newest.HasUpgrade ? (newest, own) : (own, null);
    }

    private async Task UpgradeAsync(EmbeddedPostgresBinaries from, EmbeddedPostgresBinaries to, CancellationToken cancellationToken)
    {
        EmbeddedPostgresBackupFolder.RequireRoom(Path.GetDirectoryName(dataDirectory)!, EmbeddedPostgresBackupFolder.SizeOf(dataDirectory));
        // Started and stopped once: pg_upgrade takes no cluster that was killed.
        var old = new EmbeddedPostgresCluster(dataDirectory, options, from, account);
        await old.AttachOrStartAsync(() => true, cancellationToken);
        await old.StopAsync(cancellationToken);

        await new EmbeddedPostgresCluster(Copy, options, to, account).CreateIfMissingAsync(cancellationToken);
        await RunUpgradeAsync(from, to, cancellationToken);
        // The reader's own settings: the file beside ours, and what ALTER SYSTEM has written.
        foreach (var settings in (string[])[EmbeddedPostgresSettings.Custom, "postgresql.auto.conf"])
        {
            var file = Path.Combine(dataDirectory, settings);
            if (File.Exists(file)) File.Copy(file, Path.Combine(Copy, settings), overwrite: true);
        }

        await account.OwnAsync(Copy, cancellationToken);
        var marker = Path.Combine(Copy, Complete);
        await File.WriteAllTextAsync(marker, $"from {from.Major} to {to.Major}\n", cancellationToken);
        await EmbeddedPostgresCommand.RequireAsync(["sync", .. Directory.EnumerateFiles(Copy), Copy], cancellationToken);
        var aside = $"{dataDirectory}.pg{from.Major}";
        Directory.Move(dataDirectory, Directory.Exists(aside) ? $"{aside}-{DateTime.UtcNow.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}" : aside);
        await PutInPlaceAsync(CancellationToken.None);
    }

    private async Task PutInPlaceAsync(CancellationToken cancellationToken)
    {
        Directory.Move(Copy, dataDirectory);
        await EmbeddedPostgresCommand.RequireAsync(["sync", Path.GetDirectoryName(dataDirectory)!], cancellationToken);
    }

    private async Task RunUpgradeAsync(EmbeddedPostgresBinaries from, EmbeddedPostgresBinaries to, CancellationToken cancellationToken)
    {
        var workplace = Workplace;
        await EmbeddedPostgresSocketDirectory.PrepareAsync(workplace, account, cancellationToken);
        try
        {
            var upgrade = await account.CommandLineInAsync(
                [dataDirectory, Copy],
                paths =>
                [
                    to.PgUpgrade, "-b", from.Directory, "-B", to.Directory, "-d", paths[0], "-D", paths[1],
                    "-U", EmbeddedPostgresCluster.Superuser, "-s", workplace, "-j", "2",
                ],
                cancellationToken);
            var result = await EmbeddedPostgresCommand.RunAsync(["sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", workplace, .. upgrade], cancellationToken);
            if (!result.Succeeded)
            {
                var said = result.Said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(4);
                throw new EmbeddedPostgresException(
                    $"The cluster in {dataDirectory} could not be carried over from PostgreSQL {from.Major} to {to.Major} and is as it was "
                    + $"(set {EmbeddedPostgresBinaries.Variable} to {from.Directory} to go on with {from.Major}): {string.Join("; ", said)}");
            }
        }
        finally
        {
            Directory.Delete(workplace, recursive: true);
        }
    }

    /// <summary>
    /// Clears away what a killed start has left: pg_upgrade, which goes on without us, its servers, and the unfinished copy. Nobody uses
    /// the cluster then, since it was being carried over.
    /// </summary>
    private async Task EndBrokenOffAsync(IReadOnlyList<EmbeddedPostgresBinaries> found, CancellationToken cancellationToken)
    {
        while (EmbeddedPostgresPostmaster.ProcessesIn(Workplace) is { Count: > 0 } left)
        {
            await EmbeddedPostgresCommand.RunAsync(["kill", "-KILL", .. left.Select(id => id.ToString(CultureInfo.InvariantCulture))], cancellationToken);
            await Task.Delay(Poll, cancellationToken);
        }

        if (found.MaxBy(binaries => binaries.Major) is { } newest)
        {
            foreach (var directory in (string[])[dataDirectory, Copy])
                await new EmbeddedPostgresCluster(directory, options, newest, account).StopAsync(cancellationToken);
        }

        Directory.Delete(Copy, recursive: true);
        if (Directory.Exists(Workplace)) Directory.Delete(Workplace, recursive: true);
    }

    private static async Task<List<string>> ListDatabasesAsync(string socketDirectory, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(socketDirectory, "postgres", cancellationToken);
        await using var command = new NpgsqlCommand("select datname from pg_database where datallowconn order by datname", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken)) names.Add(reader.GetString(0));
        return names;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string socketDirectory, string database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(EmbeddedPostgresCluster.ConnectionString(socketDirectory, database, pooling: false));
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
