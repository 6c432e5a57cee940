using Npgsql;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Writes batches on a connection of its own and gives every append its own outcome: what fails a whole statement is found
/// by halving the batch, a deadlock is tried again, a connection lost at commit is settled by asking the server.
/// </summary>
internal sealed class AppendWriter(NpgsqlDataSource source) : IAsyncDisposable
{
    private const int MostAttempts = 8;
    private readonly AppendSettlement _settlement = new(source);
    private NpgsqlConnection? _connection;

    /// <summary>Completes every append in <paramref name="batch"/>; never throws.</summary>
    public async Task WriteAsync(IReadOnlyList<PendingAppend> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var results = await new AppendBatch(batch).ExecuteAsync(await ConnectAsync());
                for (var i = 0; i < results.Length; i++) batch[i].Complete(results[i]);
                return;
            }
            catch (PostgresException refusal) when (IsPassing(refusal) && attempt < MostAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 1 << attempt)));
            }
            catch (PostgresException refusal) when (batch.Count > 1 && !IsShutdown(refusal))
            {
                await WriteAsync([.. batch.Take(batch.Count / 2)]);
                await WriteAsync([.. batch.Skip(batch.Count / 2)]);
                return;
            }
            catch (PostgresException refusal) when (IsLostRace(refusal, batch[0]))
            {
                batch[0].Complete(await FindConflictAsync(refusal, batch[0]));
                return;
            }
            catch (PostgresException refusal) when (!IsShutdown(refusal))
            {
                foreach (var append in batch) append.Fail(refusal);
                return;
            }
            catch (Exception lost) when (lost is NpgsqlException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                var open = await SettleAsync(batch, lost);
                if (open.Count == 0) return;
                if (attempt >= MostAttempts)
                {
                    foreach (var append in open) append.Fail(lost);
                    return;
                }

                batch = open;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
    }

    private async Task<NpgsqlConnection> ConnectAsync() => _connection ??= await source.OpenConnectionAsync();

    /// <summary>Drops the connection, waits until its server process has ended, and completes what it did commit.</summary>
    /// <returns>The appends of which nothing was written.</returns>
    private async Task<IReadOnlyList<PendingAppend>> SettleAsync(IReadOnlyList<PendingAppend> batch, Exception lost)
    {
        var process = _connection?.ProcessID ?? 0;
        if (_connection is not null)
        {
            NpgsqlConnection.ClearPool(_connection);
            await _connection.DisposeAsync();
            _connection = null;
        }

        // Nothing was sent when there was no connection yet.
        if (process == 0) return batch;
        try
        {
            return await _settlement.SettleAsync(batch, process);
        }
        catch (NpgsqlException unreachable)
        {
            var unknown = new AppendOutcomeUnknownException(new AggregateException(lost, unreachable));
            foreach (var append in batch) append.Fail(unknown);
            return [];
        }
    }

    /// <summary>Deadlock, serialization failure, lock timeout: nothing was written and the next try may pass.</summary>
    private static bool IsPassing(PostgresException refusal) => refusal.SqlState is
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable;

    private static bool IsShutdown(PostgresException refusal) => refusal.SqlState is
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow;

    /// <summary>A single append that lost a race which only a unique index could see.</summary>
    private static bool IsLostRace(PostgresException refusal, PendingAppend append) =>
        refusal.SqlState == PostgresErrorCodes.UniqueViolation
        && (refusal.TableName == "receipts" ? append.Request.Receipt is not null : append.Request.Streams.Count > 0);

    private async Task<AppendResult> FindConflictAsync(PostgresException refusal, PendingAppend append)
    {
        if (refusal.TableName == "receipts")
            return new AppendResult.ReceiptExists(append.Request.Receipt!.Principal, append.Request.Receipt.Key);
        var connection = await ConnectAsync();
        foreach (var stream in append.Request.Streams)
        {
            await using var command = new NpgsqlCommand("select version from events.mt_streams where id = $1", connection);
            command.Parameters.AddWithValue(stream.StreamId);
            var version = await command.ExecuteScalarAsync() as long? ?? 0;
            if (stream.Expected != ExpectedVersion.Any && version != stream.Expected.Value)
                return new AppendResult.VersionConflict(stream.StreamId, stream.Expected, version);
        }

        var first = append.Request.Streams[0];
        return new AppendResult.VersionConflict(first.StreamId, first.Expected, -1);
    }
}

/// <summary>
/// The server could not be asked whether an append was committed before the time for asking ran out. The caller must look
/// before it tries again; a request with an idempotency key may simply be sent again.
/// </summary>
public sealed class AppendOutcomeUnknownException(Exception inner)
    : Exception("The connection was lost while committing and the server could not be asked what became of it.", inner);
