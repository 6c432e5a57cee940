namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>Where and how <see cref="EmbeddedPostgres"/> runs its private cluster.</summary>
public sealed class EmbeddedPostgresOptions
{
    /// <summary>
    /// The cluster's data directory, normally <c>.data/postgres</c> in the checkout. Made when missing. Two lock files
    /// (<c>postgres.lock</c>, <c>postgres.users</c>) lie beside it. The path may be long, and may lie under a directory that only root
    /// can enter.
    /// </summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// The directory of <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>, or several with a colon between them. Null (the default): the environment variable
    /// <c>ECOMMERCEAI_PG_BIN</c>, else the machine's installations. Of several the newest runs; a cluster of an older one among them is carried
    /// over to it first.
    /// </summary>
    public string? BinaryDirectory { get; init; }

    /// <summary>
    /// PostgreSQL settings that win over the built-in ones (name to plain value, unquoted), for instance <c>max_connections</c> to
    /// <c>50</c>. They count when this process is the one that starts the server; one that attaches takes the server as it runs.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The longest that starting may take, crash recovery and waiting for another process's start or stop included. Five minutes by
    /// default: recovery replays at most <c>max_wal_size</c> (4 GB) of log.
    /// </summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(5);
}
