namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>
/// The database that a host works on: a real server where a connection string names one, else a private cluster that is started
/// or joined, and stopped when the last of its users leaves.
/// </summary>
public sealed class EventStoreDatabase : IAsyncDisposable
{
    private const string Name = "ecommerce";
    private readonly EmbeddedPostgres? _embedded;

    private EventStoreDatabase(string connectionString, EmbeddedPostgres? embedded)
    {
        ConnectionString = connectionString;
        _embedded = embedded;
    }

    /// <summary>An Npgsql connection string.</summary>
    public string ConnectionString { get; }

    /// <summary>
    /// The folder of what a host keeps on this machine: <c>ECOMMERCEAI_DATA</c>, else <c>.data</c> of the checkout
    /// (<c>ECOMMERCEAI_HOME</c>) or of the working directory.
    /// </summary>
    /// <param name="setting">Gives a setting's value, or null.</param>
    public static string FolderOf(Func<string, string?> setting) =>
        setting("ECOMMERCEAI_DATA") is { Length: > 0 } named
            ? named
            : Path.Combine(setting("ECOMMERCEAI_HOME") is { Length: > 0 } home ? home : ".", ".data");

    /// <summary>Finds or starts the database that a host's settings name.</summary>
    /// <param name="setting">
    /// Gives a setting's value, or null: <c>ConnectionStrings:EventStore</c> names a real server; else the private cluster lies in the
    /// folder <see cref="FolderOf"/>.
    /// </param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EmbeddedPostgresException">The private cluster cannot be started; the message says why and what to do.</exception>
    public static Task<EventStoreDatabase> OpenAsync(Func<string, string?> setting, CancellationToken cancellation = default) =>
        OpenAsync(setting("ConnectionStrings:EventStore"), FolderOf(setting), cancellation);

    /// <summary>Finds or starts the database.</summary>
    /// <param name="connectionString">A real server's, or null or empty for the private cluster.</param>
    /// <param name="dataDirectory">The folder that holds the private cluster, in <c>postgres</c> below it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EmbeddedPostgresException">The private cluster cannot be started; the message says why and what to do.</exception>
    public static async Task<EventStoreDatabase> OpenAsync(string? connectionString, string dataDirectory, CancellationToken cancellation = default)
    {
        if (!string.IsNullOrWhiteSpace(connectionString)) return new EventStoreDatabase(connectionString, null);
        var embedded = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { DataDirectory = Path.Combine(Path.GetFullPath(dataDirectory), "postgres") }, cancellation);
        try
        {
            await embedded.CreateDatabaseIfMissingAsync(Name, cancellation);
            return new EventStoreDatabase(embedded.ConnectionString(Name), embedded);
        }
        catch
        {
            await embedded.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_embedded is not null) await _embedded.DisposeAsync();
    }
}
