using System.Net.Sockets;
using Npgsql;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Writes batches on a connection of its own and gives every append its own outcome: what fails a whole statement is found
/// by halving the batch, a lost race is tried again, a connection lost at commit is settled by asking the server.
/// </summary>
internal sealed class AppendWriter(NpgsqlDataSource source) : IAsyncDisposable
{
    private const int MostAttempts = 8;
    private static readonly TimeSpan HeldPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseAfterLock = TimeSpan.FromMilliseconds(500);

    private readonly AppendSettlement _settlement = new(source);
    private NpgsqlConnection? _connection;
    private ServerProcess _process;

    /// <summary>
    /// Completes every append in <paramref name="batch"/> but those whose stream another session holds; never throws.
    /// </summary>
    /// <returns>The appends that must be tried again later, in their order; nothing of them was written.</returns>
    public async Task<IReadOnlyList<PendingAppend>> WriteAsync(IReadOnlyList<PendingAppend> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Complete(batch, await new AppendBatch(batch).ExecuteAsync(await ConnectAsync()));
            }
            catch (PostgresException refusal) when (IsPassing(refusal) && attempt < MostAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 1 << attempt)));
            }
            catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                // A foreign session is making one of the streams, or holds a table: who waits for it is found, and waits alone.
                batch = DropHeldTooLong(batch);
                if (batch.Count > 1) return await HalveAsync(batch);
                foreach (var append in batch) append.AloneFrom = Environment.TickCount64 + (long)PauseAfterLock.TotalMilliseconds;
                return batch;
            }
            catch (PostgresException refusal) when (!IsServerTrouble(refusal))
            {
                if (batch.Count > 1) return await HalveAsync(batch);
                batch[0].Fail(refusal);
                return [];
            }
#pragma warning disable CA1031 // Whatever happens on the way, each caller gets an answer and the queue goes on.
            catch (Exception lost)
#pragma warning restore CA1031
            {
                batch = await SettleAsync(batch, lost);
                if (batch.Count == 0) return [];
                if (!IsConnectionTrouble(lost) && batch.Count > 1) return await HalveAsync(batch);
                if (!IsConnectionTrouble(lost) || attempt >= MostAttempts)
                {
                    foreach (var append in batch) append.Fail(lost);
                    return [];
                }

                await Task.Delay(TimeSpan.FromMilliseconds(5 << attempt));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
    }

    private static List<PendingAppend> Complete(IReadOnlyList<PendingAppend> batch, AppendResult?[] results)
    {
        var held = new List<PendingAppend>();
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i] is { } result) batch[i].Complete(result);
            else held.Add(batch[i]);
        }

        return DropHeldTooLong(held);
    }

    /// <summary>Tells those that have waited for another session's lock for too long; the others may wait on.</summary>
    private static List<PendingAppend> DropHeldTooLong(IReadOnlyList<PendingAppend> held)
    {
        var waiting = new List<PendingAppend>(held.Count);
        foreach (var append in held)
        {
            append.HeldSince ??= Environment.TickCount64;
            if (Environment.TickCount64 - append.HeldSince < (long)HeldPatience.TotalMilliseconds)
                waiting.Add(append);
            else
                append.Fail(new TimeoutException(
                    $"Another session has held '{append.Request.Streams.Select(stream => stream.StreamId).FirstOrDefault()}' or a table "
                    + $"that it needs for {HeldPatience.TotalSeconds:0} s; nothing was written."));
        }

        return waiting;
    }

    private async Task<IReadOnlyList<PendingAppend>> HalveAsync(IReadOnlyList<PendingAppend> batch) =>
    [
        .. await WriteAsync([.. batch.Take(batch.Count / 2)]),
        .. await WriteAsync([.. batch.Skip(batch.Count / 2)]),
    ];

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        if (_connection is not null) return _connection;
        var connection = await source.OpenConnectionAsync();
        try
        {
            _process = await ServerProcess.OfAsync(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        return _connection = connection;
    }

    /// <summary>Drops the connection, waits until its server process has ended, and completes what it did commit.</summary>
    /// <returns>The appends of which nothing was written.</returns>
    private async Task<IReadOnlyList<PendingAppend>> SettleAsync(IReadOnlyList<PendingAppend> batch, Exception lost)
    {
        // Nothing was sent when there was no connection yet.
        if (_connection is null) return batch;
        try
        {
            NpgsqlConnection.ClearPool(_connection);
            await _connection.DisposeAsync();
            _connection = null;
            return await _settlement.SettleAsync(batch, _process);
        }
#pragma warning disable CA1031 // Whatever kept the server from answering, the callers must learn that the outcome is open.
        catch (Exception unreachable)
#pragma warning restore CA1031
        {
            _connection = null;
            var unknown = new AppendOutcomeUnknownException(new AggregateException(lost, unreachable));
            foreach (var append in batch) append.Fail(unknown);
            return [];
        }
    }

    /// <summary>
    /// Nothing was written and the next try may pass: deadlock, serialization failure, a cancelled statement, and a race for a new
    /// stream or receipt that only a unique index could see; the next try sees the winner.
    /// </summary>
    private static bool IsPassing(PostgresException refusal) =>
        refusal.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.QueryCanceled
        || (refusal.SqlState == PostgresErrorCodes.UniqueViolation && refusal.ConstraintName != "pkey_mt_events_seq_id");

    /// <summary>Connection (08), resources (53), operator (57) and system (58) errors speak of the server, not of what was sent.</summary>
    private static bool IsServerTrouble(PostgresException refusal) =>
        refusal.SqlState.AsSpan(0, 2) is "08" or "53" or "57" or "58" && refusal.SqlState != PostgresErrorCodes.QueryCanceled;

    private static bool IsConnectionTrouble(Exception lost) =>
        lost is NpgsqlException or IOException or SocketException or TimeoutException or ObjectDisposedException;
}

/// <summary>
/// The server could not be asked whether an append was committed before the time for asking ran out. The caller must look
/// before it tries again; a request with an idempotency key may simply be sent again.
/// </summary>
public sealed class AppendOutcomeUnknownException(Exception inner)
    : Exception("The connection was lost while committing and the server could not be asked what became of it.", inner);
