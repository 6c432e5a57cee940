using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>A stream to be archived.</summary>
/// <param name="StreamId">The stream's key.</param>
/// <param name="Expected">What its version must be.</param>
public sealed record ArchiveRequest(string StreamId, ExpectedVersion Expected);

/// <summary>What became of a stream that was to be archived or brought back. Each is a normal answer.</summary>
/// <param name="StreamId">The stream.</param>
public abstract record ArchiveOutcome(string StreamId)
{
    /// <summary>It is archived now, or no longer; durable.</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Version">Its version.</param>
    public sealed record Done(string StreamId, long Version) : ArchiveOutcome(StreamId);

    /// <summary>It was so before; nothing changed.</summary>
    /// <param name="StreamId">The stream.</param>
    public sealed record Already(string StreamId) : ArchiveOutcome(StreamId);

    /// <summary>There is no such stream.</summary>
    /// <param name="StreamId">The stream.</param>
    public sealed record NotFound(string StreamId) : ArchiveOutcome(StreamId);

    /// <summary>It is not at its expected version; nothing changed.</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Expected">What was expected.</param>
    /// <param name="Actual">Its version.</param>
    public sealed record Moved(string StreamId, ExpectedVersion Expected, long Actual) : ArchiveOutcome(StreamId);

    /// <summary>A projection or subscription has not read its last event yet and would lose it; nothing changed, a later try may pass.</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Reader">The one that is furthest behind: <c>projection:name</c> or <c>subscription:name</c>.</param>
    /// <param name="Checkpoint">How far it has read.</param>
    /// <param name="Position">The stream's last event.</param>
    public sealed record Unread(string StreamId, string Reader, long Checkpoint, long Position) : ArchiveOutcome(StreamId);
}

/// <summary>
/// Puts finished streams away: stream and events are marked in one transaction, as the layout marks them. An archived stream is read as
/// before, takes no more events, and is left out of the log that projections read.
/// </summary>
/// <remarks>
/// No event is lost to a projection or a subscription by its stream being archived: a stream is archived only when every generation that
/// is live or being built, and every subscription, has read past its last event. What a projection made of it stays until it is built anew; then it is left out, unless the
/// projection keeps archived streams. A stream that is brought back is in the log again at its old positions, which projections
/// have passed: those that left it out are to be rebuilt.
/// </remarks>
public sealed class StreamArchive(EventStore store)
{
    private const int MostStreamsAtOnce = 500;
    private const long MostEventsAtOnce = 50_000;

    /// <summary>Archives one stream.</summary>
    /// <param name="streamId">The stream's key.</param>
    /// <param name="expected">What its version must be, so that nobody archives what has moved on.</param>
    /// <param name="cancellation">Gives up before the commit.</param>
    public async Task<ArchiveOutcome> ArchiveAsync(string streamId, ExpectedVersion expected, CancellationToken cancellation = default) =>
        await ArchiveAsync([new ArchiveRequest(streamId, expected)], cancellation).FirstAsync(cancellation);

    /// <summary>Archives streams, a transaction for every few hundred of them or 50,000 events.</summary>
    /// <param name="requests">The streams, each named once.</param>
    /// <param name="cancellation">Stops between two transactions; what was told until then is done.</param>
    /// <returns>An outcome for each, told once its transaction is durable.</returns>
    /// <exception cref="TimeoutException">Something else held the streams or the checkpoints for 10 s.</exception>
    public IAsyncEnumerable<ArchiveOutcome> ArchiveAsync(IReadOnlyList<ArchiveRequest> requests, CancellationToken cancellation = default) =>
        RunAsync(requests, archive: true, cancellation);

    /// <summary>Brings streams back, so that they take events again.</summary>
    /// <param name="streamIds">The streams, each named once.</param>
    /// <param name="cancellation">Stops between two transactions; what was told until then is done.</param>
    /// <returns>An outcome for each, told once its transaction is durable.</returns>
    /// <exception cref="TimeoutException">Something else held the streams for 10 s.</exception>
    public IAsyncEnumerable<ArchiveOutcome> UnarchiveAsync(IReadOnlyList<string> streamIds, CancellationToken cancellation = default) =>
        RunAsync([.. streamIds.Select(id => new ArchiveRequest(id, ExpectedVersion.Any))], archive: false, cancellation);

    private async IAsyncEnumerable<ArchiveOutcome> RunAsync(
        IReadOnlyList<ArchiveRequest> requests, bool archive, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var first = 0; first < requests.Count;)
        {
            var candidates = requests.Skip(first).Take(MostStreamsAtOnce).ToList();
            var chunk = await TakeAsync(candidates, cancellation);
            foreach (var outcome in await WriteAsync(chunk, archive, cancellation)) yield return outcome;
            first += chunk.Count;
        }
    }

    /// <summary>As many as hold 50,000 events together, one at least.</summary>
    private async Task<List<ArchiveRequest>> TakeAsync(List<ArchiveRequest> candidates, CancellationToken cancellation)
    {
        await using var command = store.Source.CreateCommand("select id, coalesce(version, 0) from events.mt_streams where id = any($1)");
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Varchar, Ids(candidates));
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) sizes[reader.GetString(0)] = reader.GetInt64(1);
        var events = 0L;
        var count = 0;
        while (count < candidates.Count)
        {
            events += sizes.GetValueOrDefault(candidates[count].StreamId);
            if (count > 0 && events > MostEventsAtOnce) break;
            count++;
        }

        return candidates[..count];
    }

    private async Task<IReadOnlyList<ArchiveOutcome>> WriteAsync(List<ArchiveRequest> chunk, bool archive, CancellationToken cancellation)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await ExecuteAsync(connection, "set local lock_timeout = '10s'", cancellation);
            var behind = archive ? await FindFurthestBehindAsync(connection, cancellation) : null;
            var outcomes = await DecideAsync(connection, chunk, archive, behind, cancellation);
            var ids = outcomes.OfType<ArchiveOutcome.Done>().Select(done => done.StreamId).ToArray();
            foreach (var table in new[] { "mt_streams set is_archived = $2 where id", "mt_events set is_archived = $2 where stream_id" })
                await ExecuteAsync(connection, $"update events.{table} = any($1) and is_archived is distinct from $2", cancellation, ids, archive);
            await Snapshots.DeleteAsync(connection, ids, cancellation);
            await transaction.CommitAsync(CancellationToken.None);
            return outcomes;
        }
        catch (PostgresException held) when (held.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new TimeoutException(
                $"Something else has held one of the streams '{chunk[0].StreamId}' to '{chunk[^1].StreamId}', or the checkpoints, for 10 s; "
                + "nothing of these was changed.",
                held);
        }
    }

    /// <summary>
    /// Who has read least. Until the transaction ends none is made and none moves, so that one which has only begun has read all of a
    /// stream or nothing of it.
    /// </summary>
    private static async Task<(string Reader, long Checkpoint)?> FindFurthestBehindAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await ExecuteAsync(connection, "lock table bookkeeping.generations, bookkeeping.checkpoints in share mode", cancellation);
        await using var command = new NpgsqlCommand(
            """
            select 'projection:' || projection, checkpoint from bookkeeping.generations where state <> 'retired'
            union all select name, position from bookkeeping.checkpoints where name like 'subscription:%'
            order by 2, 1 limit 1
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetString(0), reader.GetInt64(1)) : null;
    }

    /// <summary>Locks the streams in sorted order and says of each what is to become of it.</summary>
    private static async Task<List<ArchiveOutcome>> DecideAsync(
        NpgsqlConnection connection, List<ArchiveRequest> chunk, bool archive, (string Reader, long Checkpoint)? behind, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            with held as materialized (
                select id, coalesce(version, 0) as version, is_archived is true as is_archived from events.mt_streams
                where id = any($1) order by id for no key update)
            select h.id, h.version, h.is_archived, coalesce(e.seq_id, 0)
            from held h left join events.mt_events e on e.stream_id = h.id and e.version = h.version
            """,
            connection);
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Varchar, Ids(chunk));
        var found = new Dictionary<string, (long Version, bool IsArchived, long Position)>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) found[reader.GetString(0)] = (reader.GetInt64(1), reader.GetBoolean(2), reader.GetInt64(3));
        return chunk.ConvertAll<ArchiveOutcome>(request =>
            !found.TryGetValue(request.StreamId, out var stream) ? new ArchiveOutcome.NotFound(request.StreamId)
            : stream.IsArchived == archive ? new ArchiveOutcome.Already(request.StreamId)
            : request.Expected.Value >= 0 && request.Expected.Value != stream.Version
                ? new ArchiveOutcome.Moved(request.StreamId, request.Expected, stream.Version)
            : behind is { } last && last.Checkpoint < stream.Position
                ? new ArchiveOutcome.Unread(request.StreamId, last.Reader, last.Checkpoint, stream.Position)
            : new ArchiveOutcome.Done(request.StreamId, stream.Version));
    }

    private static string[] Ids(List<ArchiveRequest> requests) => [.. requests.Select(request => request.StreamId)];

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values) command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
