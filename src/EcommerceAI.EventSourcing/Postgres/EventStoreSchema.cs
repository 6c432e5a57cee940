using System.Text;
using EcommerceAI.EventSourcing.Store;
using Npgsql;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>The store's tables: created where they are missing, checked where they are there, never altered.</summary>
internal static class EventStoreSchema
{
    /// <summary>Serialises first starts of several processes; any number that nobody else uses.</summary>
    private const long CreationLock = 0x45434F4D4D45;

    /// <summary>Creates what is missing, after a check of what is there; where that differs, nothing is created.</summary>
    /// <returns>Which of the layout's options the database has.</returns>
    /// <exception cref="EventStoreLayoutException">The database holds tables that differ from the layout.</exception>
    public static async Task<EventLayout> CreateMissingAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var exclusive = new NpgsqlCommand($"select pg_advisory_xact_lock({CreationLock})", connection))
            await exclusive.ExecuteNonQueryAsync(cancellation);
        var layout = await LayoutCheck.RunAsync(connection, cancellation);
        await using (var create = new NpgsqlCommand(await ReadStatementsAsync(cancellation), connection))
            await create.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return layout;
    }

    /// <summary>The layout, then every file of our own bookkeeping, which lives in a schema of its own.</summary>
    private static async Task<string> ReadStatementsAsync(CancellationToken cancellation)
    {
        var assembly = typeof(EventStoreSchema).Assembly;
        var bookkeeping = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Bookkeeping/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        var statements = new StringBuilder();
        foreach (var name in (IEnumerable<string>)["EventStoreSchema.sql", .. bookkeeping])
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
            statements.AppendLine(await text.ReadToEndAsync(cancellation));
        }

        return statements.ToString();
    }
}
