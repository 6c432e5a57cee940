using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Tests.Projections;

/// <summary>Counts by stream, and one row over all of them; a hook may throw in the middle of a batch.</summary>
internal sealed class CountProjection(int version = 1, string name = "counts") : IProjection
{
    /// <summary>Runs after the rows were written and before the transaction commits.</summary>
    public Func<ProjectionBatch, Task>? BeforeCommit { get; set; }

    public bool IncludesArchived { get; init; }

    public string Name => name;

    public int Version => version;

    public IReadOnlyList<Type> Handles => [typeof(Counted)];

    public string Tables =>
        $"create table {{schema}}.by_stream (id text primary key, {(version == 1 ? "total" : "sum_total")} bigint not null);"
        + "create table {schema}.overall (one int primary key, total bigint not null)";

    public async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        var column = version == 1 ? "total" : "sum_total";
        var totals = batch.Events.GroupBy(@event => @event.StreamId)
            .ToDictionary(group => group.Key, group => group.Sum(@event => (long)((Counted)@event.Data).By), StringComparer.Ordinal);
        await batch.ExecuteAsync(
            $"insert into {{schema}}.by_stream as s (id, {column}) select * from unnest($1::text[], $2::bigint[]) "
            + $"on conflict (id) do update set {column} = s.{column} + excluded.{column}",
            totals.Keys.ToArray(),
            totals.Values.ToArray());
        if (BeforeCommit is { } hook) await hook(batch);
        await batch.ExecuteAsync(
            "insert into {schema}.overall as o values (1, $1) on conflict (one) do update set total = o.total + excluded.total", totals.Values.Sum());
    }

    /// <summary>Both tables in one snapshot: the sum over the streams and the row over all of them.</summary>
    public async Task<(long Streams, long Overall, long Position)> ReadAsync(ReadModels models)
    {
        var column = version == 1 ? "total" : "sum_total";
        var snapshot = await models.QueryAsync(
            Name,
            [new ReadQuery($"select coalesce(sum({column}), 0)::bigint from {{schema}}.by_stream"), new ReadQuery("select coalesce(sum(total), 0)::bigint from {schema}.overall")],
            async (reader, cancellation) =>
            {
                await reader.ReadAsync(cancellation);
                var streams = reader.GetInt64(0);
                await reader.NextResultAsync(cancellation);
                await reader.ReadAsync(cancellation);
                return (streams, reader.GetInt64(0));
            });
        return (snapshot.Value.streams, snapshot.Value.Item2, snapshot.Position);
    }

    public static Task AppendAsync(EventStore store, int events, int streams = 10) =>
        Task.WhenAll(Enumerable.Range(0, events).Select(i => store.AppendAsync($"c-{i % streams}", ExpectedVersion.Any, [new Counted()])));
}
