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
