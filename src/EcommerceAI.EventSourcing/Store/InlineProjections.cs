using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Projections;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Applies projections in the transaction that appends: whoever was told of an append reads its rows. The live generation is locked
/// before a number is drawn, so that over all nodes the rows follow the order of the log and a rebuild that swaps waits its turn. A
/// definition writes no tables of another version: appends are refused until those of its own are built.
/// </summary>
internal sealed class InlineProjections(IReadOnlyList<IProjection> projections, EventSerializer serializer, EventSealing sealing)
{
    private readonly (IProjection Projection, HashSet<string> Handles)[] _projections =
        [.. projections.Select(projection => (projection, HandledNames.Of(projection, serializer.Types)))];

    /// <summary>Runs an append; with projections, in a transaction with their rows.</summary>
    /// <param name="connection">The writer's connection.</param>
    /// <param name="append">Writes on it and tells what became of each append.</param>
    /// <returns>What <paramref name="append"/> told, committed.</returns>
    /// <exception cref="InlineProjectionException">A projection failed; everything was rolled back.</exception>
    public List<(PendingAppend Append, AppendResult Result)> Around(
        NpgsqlConnection connection, Func<List<(PendingAppend Append, AppendResult Result)>> append)
    {
        if (_projections.Length == 0) return append();
        using var transaction = connection.BeginTransaction();
        var generations = Array.ConvertAll(_projections, entry => Lock(connection, entry.Projection));
        var told = append();
        var events = ReadEvents(connection, [.. told.Where(one => one.Result is AppendResult.Appended).Select(one => one.Append)]);
        if (events.Count > 0)
        {
            for (var i = 0; i < generations.Length; i++) Apply(connection, generations[i], _projections[i], events);
        }

        transaction.Commit();
        return told;
    }

    private static Generation Lock(NpgsqlConnection connection, IProjection projection)
    {
        var live = ProjectionRebuild.LockLiveAsync(connection, projection.Name, CancellationToken.None).GetAwaiter().GetResult();
        return live.Version == projection.Version
            ? live
            : throw new InlineProjectionException(projection.Name, new InvalidOperationException(
                $"Its live tables are of version {live.Version}, and this program has version {projection.Version}."));
    }

    private static void Apply(
        NpgsqlConnection connection, Generation generation, (IProjection Projection, HashSet<string> Handles) entry, List<RecordedEvent> events)
    {
        try
        {
            var handled = events.FindAll(@event => entry.Handles.Contains(@event.Type));
            if (handled.Count > 0)
                entry.Projection.ApplyAsync(new ProjectionBatch(connection, generation.Schema, handled), CancellationToken.None).GetAwaiter().GetResult();
            using var move = SchemaSql.Command(
                connection,
                "update bookkeeping.generations set checkpoint = $3, changed = now() where projection = $1 and generation = $2",
                "",
                [generation.Projection, generation.Number, events[^1].Position]);
            move.ExecuteNonQuery();
        }
        catch (Exception failure) when (failure is not NpgsqlException { IsTransient: true })
        {
            throw new InlineProjectionException(generation.Projection, failure);
        }
    }

    /// <summary>The events as they stand in the log now, with their numbers and moments.</summary>
    private List<RecordedEvent> ReadEvents(NpgsqlConnection connection, List<PendingAppend> appends)
    {
        var written = new Dictionary<Guid, (PendingAppend Append, NewEvent Event, PreparedEvent Written)>();
        foreach (var append in appends)
        {
            for (var i = 0; i < append.Events.Length; i++)
            {
                for (var j = 0; j < append.Events[i].Length; j++)
                    written[append.Events[i][j].Id] = (append, append.Request.Streams[i].Events[j], append.Events[i][j]);
            }
        }

        using var command = new NpgsqlCommand(
            "select id, seq_id, stream_id, version, timestamp from events.mt_events where stream_id = any($1) and id = any($2) order by seq_id", connection);
        command.Parameters.AddWithValue(
            NpgsqlDbType.Array | NpgsqlDbType.Varchar, appends.SelectMany(append => append.Request.Streams.Select(stream => stream.StreamId)).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Uuid, written.Keys.ToArray());
        var events = new List<RecordedEvent>(written.Count);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var id = reader.GetGuid(0);
            var (append, @event, row) = written[id];
            events.Add(new RecordedEvent(
                reader.GetInt64(1), id, reader.GetString(2), reader.GetInt64(3), row.Type, reader.GetFieldValue<DateTimeOffset>(4), DataOf(@event, row), append.Metadata));
        }

        return events;
    }

    /// <summary>The record as any later reader gets it: what is sealed goes through its key, which may be gone.</summary>
    private object DataOf(NewEvent @event, PreparedEvent row) =>
        @event.Data is SealedEvent
            ? serializer.Deserialize(row.Type, row.Json, sealing.LoadKeysAsync(row.Type, row.Json, CancellationToken.None).AsTask().GetAwaiter().GetResult())
            : @event.Data;
}

/// <summary>A projection that is applied with each append failed on this one; nothing of the append was written.</summary>
public sealed class InlineProjectionException(string projection, Exception inner)
    : Exception($"The projection {projection} failed on the events of this append, so nothing was written: {inner.Message}", inner)
{
    /// <summary>The projection's name.</summary>
    public string Projection { get; } = projection;
}
