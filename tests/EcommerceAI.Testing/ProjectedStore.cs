using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Testing;

/// <summary>A store with a history, and the projections that run over it.</summary>
public sealed class ProjectedStore : IAsyncDisposable
{
    private ProjectedStore(EventStore store) => Store = store;

    public EventStore Store { get; }

    public ReadModels Models => new(Store.Source);

    public static Task<ProjectedStore> OpenAsync(PostgresFixture postgres, IEnumerable<KeyValuePair<string, Type>> eventNames) =>
        OpenAsync(postgres, new EventTypes(eventNames));

    public static async Task<ProjectedStore> OpenAsync(PostgresFixture postgres, EventTypes types) =>
        new(await EventStore.OpenAsync(await postgres.CreateDatabaseAsync(), types));

    /// <summary>Appends a history in chunks of 1,000.</summary>
    public async Task AppendAsync(IEnumerable<BulkEvent> history)
    {
        var append = new BulkAppend(Store);
        foreach (var chunk in history.Chunk(1000)) await append.AppendAsync(await BulkChunk.PrepareAsync(chunk, Store));
    }

    /// <summary>Brings the live tables of projections up to the end of the log.</summary>
    public async Task CatchUpAsync(params IEnumerable<IProjection> projections)
    {
        var mark = await Store.HighWater.ReadAsync();
        foreach (var projection in projections)
        {
            var live = await new Generations(Store.Source).EnsureLiveAsync(projection);
            await new ProjectionRunner(Store, projection).RunAsync(live, mark);
        }
    }

    /// <summary>Builds a projection apart in batches of a size.</summary>
    /// <returns>Every row of every table as JSON, in a fixed order.</returns>
    public async Task<string> ProjectApartAsync(IProjection projection, int batchSize)
    {
        var generations = new Generations(Store.Source);
        var built = await generations.CreateAsync(projection, Generation.Building)
            ?? throw new InvalidOperationException($"No generation could be made for {projection.Name}.");
        await new ProjectionRunner(Store, projection, batchSize).RunAsync(built, await Store.HighWater.ReadAsync());
        var rows = new List<string>();
        foreach (var table in await ReadTextsAsync($"select tablename from pg_tables where schemaname = '{built.Schema}'"))
            rows.AddRange(await ReadTextsAsync($"select '{table} ' || to_jsonb(t)::text from {built.Schema}.{table} t"));
        await generations.DropAsync(built);
        rows.Sort(StringComparer.Ordinal);
        return string.Join('\n', rows);
    }

    /// <summary>Changes rows of live tables behind the projection's back.</summary>
    /// <returns>The number of rows changed.</returns>
    public async Task<int> TamperAsync(string projection, string sql)
    {
        var live = await new Generations(Store.Source).FindLiveAsync(projection);
        await using var command = Store.Source.CreateCommand(sql.Replace("{schema}", live!.Schema, StringComparison.Ordinal));
        return await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private async Task<List<string>> ReadTextsAsync(string sql)
    {
        await using var command = Store.Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadRowsAsync(row => row.GetString(0));
    }
}
