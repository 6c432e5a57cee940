using Npgsql;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>
/// A private PostgreSQL cluster in a data directory, run from the machine's own binaries as an ordinary user, reachable through a
/// unix socket that only that user (and root) can open. Several processes may use one cluster at the same time: the first starts the
/// server, later ones attach to it, the last to be disposed stops it. A process that is killed leaves the server running, and the next
/// start attaches to it; a server that is killed is recovered by the next start.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private readonly EmbeddedPostgresCluster _cluster;
    private readonly EmbeddedPostgresLocks _locks;
    private readonly TimeSpan _timeout;
    private FileStream? _membership;

    private EmbeddedPostgres(EmbeddedPostgresCluster cluster, EmbeddedPostgresLocks locks, TimeSpan timeout, string dataDirectory) =>
        (_cluster, _locks, _timeout, DataDirectory) = (cluster, locks, timeout, dataDirectory);

    /// <summary>The data directory, with symbolic links resolved.</summary>
    public string DataDirectory { get; }

    /// <summary>The directory of the server's socket.</summary>
    public string SocketDirectory { get; private set; } = "";

    /// <summary>True if the server was already running, started by another process or left by one that was killed.</summary>
    public bool WasRunning { get; private set; }

    /// <summary>Starts the cluster, making it first where there is none, or attaches to its running server.</summary>
    /// <param name="options">Where the data lies, and what differs from the defaults.</param>
    /// <param name="cancellationToken">Gives up; a server that only this call wanted is stopped again.</param>
    /// <exception cref="EmbeddedPostgresException">
    /// No PostgreSQL on this machine, a cluster of another version or owner, or a server that does not start: the message says which, in
    /// one line with what to do, followed by the end of the server's log where there is one.
    /// </exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, CancellationToken cancellationToken = default)
    {
        if (OperatingSystem.IsWindows())
            throw EmbeddedPostgresPrivateFiles.NotOnWindows();
        var wanted = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.DataDirectory));
        var account = await EmbeddedPostgresAccount.ForAsync(wanted, cancellationToken);
        await CreateParentAsync(wanted, account, cancellationToken);
        var dataDirectory = await RealPathAsync(wanted, cancellationToken);

        var locks = new EmbeddedPostgresLocks(dataDirectory, account);
        await locks.PrepareAsync(cancellationToken);
        await using var door = await locks.EnterAsync(options.StartTimeout, cancellationToken);

        var upgrade = new EmbeddedPostgresUpgrade(dataDirectory, options, account);
        var binaries = await upgrade.CarryOverAsync(cancellationToken);
        var cluster = new EmbeddedPostgresCluster(dataDirectory, options, binaries, account);
        var postgres = new EmbeddedPostgres(cluster, locks, options.StartTimeout, dataDirectory);
        try
        {
            await cluster.CreateIfMissingAsync(cancellationToken);
            postgres._membership = locks.Join();
            (postgres.SocketDirectory, postgres.WasRunning) = await cluster.AttachOrStartAsync(postgres.IsTheOnlyUser, cancellationToken);
            await upgrade.RenewStatisticsAsync(postgres.SocketDirectory, cancellationToken);
            return postgres;
        }
        catch
        {
            await postgres.LeaveAsync();
            throw;
        }
    }

    /// <summary>
    /// The connection string of a database in this cluster, as its superuser <c>postgres</c>. The database must exist; see
    /// <see cref="CreateDatabaseIfMissingAsync"/>.
    /// </summary>
    /// <param name="database">The database's name, as it is (no quotes).</param>
    public string ConnectionString(string database) => EmbeddedPostgresCluster.ConnectionString(SocketDirectory, database);

    /// <summary>Creates a database, in UTF-8 with byte order as its collation. True if it is new, false if it was there.</summary>
    /// <param name="database">Its name, as it is (no quotes): 1 to 63 bytes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<bool> CreateDatabaseIfMissingAsync(string database, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(EmbeddedPostgresCluster.ConnectionString(SocketDirectory, "postgres", pooling: false));
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection);
        exists.Parameters.Add(new NpgsqlParameter { Value = database });
        if (await exists.ExecuteScalarAsync(cancellationToken) is not null)
            return false;

        var quoted = database.Replace("\"", "\"\"", StringComparison.Ordinal);
        await using var create = new NpgsqlCommand($"CREATE DATABASE \"{quoted}\"", connection);
        try
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another process made it between the question and the command.
            return false;
        }
    }

    /// <summary>Leaves the cluster. The last user stops the server; what was committed is on disk. A second call does nothing.</summary>
    /// <exception cref="EmbeddedPostgresException">The server did not stop.</exception>
    public async ValueTask DisposeAsync()
    {
        if (_membership is null)
            return;
        await using var door = await _locks.EnterAsync(_timeout, CancellationToken.None);
        await LeaveAsync();
    }

    /// <summary>Leaves, and stops the server if nobody is left. Called behind the door.</summary>
    private async Task LeaveAsync()
    {
        if (_membership is null)
            return;
        await _membership.DisposeAsync();
        _membership = null;
        if (_locks.NobodyLeft())
            await _cluster.StopAsync(CancellationToken.None);
    }

    /// <summary>Steps out to see whether anybody else is in, and back. Called behind the door, so nobody comes or goes meanwhile.</summary>
    private bool IsTheOnlyUser()
    {
        _membership?.Dispose();
        var alone = _locks.NobodyLeft();
        _membership = _locks.Join();
        return alone;
    }

    private static async Task CreateParentAsync(string dataDirectory, EmbeddedPostgresAccount account, CancellationToken cancellationToken)
    {
        var parent = Path.GetDirectoryName(dataDirectory)
            ?? throw new EmbeddedPostgresException($"{dataDirectory} cannot be a data directory.");
        if (Directory.Exists(parent))
            return;
        Directory.CreateDirectory(parent);
        await account.OwnAsync(parent, cancellationToken);
    }

    /// <summary>The path without symbolic links: the same for every process, whichever way it came.</summary>
    private static async Task<string> RealPathAsync(string path, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            return await PhysicalAsync(path, cancellationToken);
        return Path.Combine(await PhysicalAsync(Path.GetDirectoryName(path)!, cancellationToken), Path.GetFileName(path));
    }

    private static Task<string> PhysicalAsync(string directory, CancellationToken cancellationToken) =>
        EmbeddedPostgresCommand.RequireAsync(["sh", "-c", "cd -P -- \"$1\" && pwd -P", "sh", directory], cancellationToken);
}
