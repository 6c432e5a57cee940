using System.Globalization;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>
/// Carries a cluster over to a newer major version with pg_upgrade, into a copy, so that the old one is still there when anything goes
/// wrong; it stays beside the new one as <c>postgres.pg15</c> until somebody removes it. Called with the start/stop lock held.
/// </summary>
internal sealed class EmbeddedPostgresUpgrade(string dataDirectory, EmbeddedPostgresOptions options, EmbeddedPostgresAccount account)
{
    /// <summary>In a copy that is complete and only has to be moved into its place.</summary>
    private const string Complete = "upgraded";

    private string Copy => dataDirectory + ".upgrading";

    /// <summary>The programs to run the cluster with, after carrying it over to them where they are newer than it.</summary>
    /// <exception cref="EmbeddedPostgresException">No program fits the cluster, or it could not be carried over; it is as it was.</exception>
    public async Task<EmbeddedPostgresBinaries> CarryOverAsync(CancellationToken cancellationToken)
    {
        // A stop between the two moves: the old cluster is aside already, the copy not yet in its place.
        if (!Directory.Exists(dataDirectory) && File.Exists(Path.Combine(Copy, Complete))) Directory.Move(Copy, dataDirectory);
        var major = EmbeddedPostgresCluster.MajorOf(dataDirectory);
        var found = await EmbeddedPostgresBinaries.FindAllAsync(options.BinaryDirectory, cancellationToken);
        // A server that runs goes on with the programs that it runs with.
        if (major is null || EmbeddedPostgresPostmaster.Read(dataDirectory) is { IsAlive: true }) return EmbeddedPostgresBinaries.Choose(found, major);
        var (run, from) = Decide(found, major.Value);
        if (from is not null) await UpgradeAsync(from, run, cancellationToken);
        return run;
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

        foreach (var left in (string[])[Copy, Copy + ".work"])
        {
            if (Directory.Exists(left)) Directory.Delete(left, recursive: true);
        }

        await new EmbeddedPostgresCluster(Copy, options, to, account).CreateIfMissingAsync(cancellationToken);
        await RunUpgradeAsync(from, to, cancellationToken);
        var custom = Path.Combine(dataDirectory, EmbeddedPostgresSettings.Custom);
        if (File.Exists(custom)) File.Copy(custom, Path.Combine(Copy, EmbeddedPostgresSettings.Custom));
        await File.WriteAllTextAsync(Path.Combine(Copy, Complete), $"from {from.Major} to {to.Major}\n", cancellationToken);
        await EmbeddedPostgresCommand.RequireAsync(["sync", Copy], cancellationToken);
        var aside = $"{dataDirectory}.pg{from.Major}";
        Directory.Move(dataDirectory, Directory.Exists(aside) ? $"{aside}-{DateTime.UtcNow.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}" : aside);
        Directory.Move(Copy, dataDirectory);
        await account.OwnAsync(dataDirectory, CancellationToken.None);
    }

    private async Task RunUpgradeAsync(EmbeddedPostgresBinaries from, EmbeddedPostgresBinaries to, CancellationToken cancellationToken)
    {
        var work = Copy + ".work";
        EmbeddedPostgresPrivateFiles.CreateDirectory(work);
        await account.OwnAsync(work, cancellationToken);
        var sockets = EmbeddedPostgresSocketDirectory.For(Copy, account);
        await EmbeddedPostgresSocketDirectory.PrepareAsync(sockets, account, cancellationToken);
        try
        {
            var upgrade = account.CommandLine(
                to.PgUpgrade, "-b", from.Directory, "-B", to.Directory, "-d", dataDirectory, "-D", Copy, "-U", EmbeddedPostgresCluster.Superuser, "-s", sockets, "-j", "2");
            // It writes its scripts into the directory that it is started in.
            var result = await EmbeddedPostgresCommand.RunAsync(["sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", work, .. upgrade], cancellationToken);
            if (!result.Succeeded)
            {
                var said = result.Said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(4);
                throw new EmbeddedPostgresException(
                    $"The cluster in {dataDirectory} could not be carried over from PostgreSQL {from.Major} to {to.Major} and is as it was: {string.Join("; ", said)}");
            }
        }
        finally
        {
            Directory.Delete(sockets, recursive: true);
            Directory.Delete(work, recursive: true);
        }
    }
}
