using System.Net.Sockets;
using Npgsql;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Writes batches on a connection of its own, from a thread of its own, and gives every append its own outcome: what the quick statement
/// refuses goes by the careful one, what fails a whole statement is found by halving the batch, a lost race is tried again, a connection
/// lost at commit is settled by asking the server.
/// </summary>
internal sealed class AppendWriter(NpgsqlDataSource source, AppendHerald herald, InlineProjections inline, EventLayout layout) : IDisposable
{
    private const int MostAttempts = 8;
    private static readonly TimeSpan HeldPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseAfterHeld = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PauseAfterLock = TimeSpan.FromMilliseconds(500);

    private readonly AppendSettlement _settlement = new(source);
    private readonly string _careful = AppendSql.Careful(layout);
    private NpgsqlConnection? _connection;
    private LoneAppend? _lone;
    private QuickAppend? _quick;
    private ServerProcess _process;

    /// <summary>Completes every append in <paramref name="batch"/> but those that must be tried again; never throws.</summary>
    /// <returns>The appends to try again, in their order; nothing of them was written.</returns>
    public IReadOnlyList<PendingAppend> Write(GatheredBatch batch) =>
        batch.Appends[0].NeedsCare ? WriteWithCare(batch.Appends) : WriteQuickly(batch);

    private IReadOnlyList<PendingAppend> WriteQuickly(GatheredBatch batch)
    {
        try
        {
            var written = inline.Around(Connect(), () => ExecuteQuickly(batch));
            foreach (var (append, result) in written) append.Complete(result);
            if (written.Count > 0) herald.Tell();
            return written.Count == batch.Appends.Count ? [] : WithCare([.. batch.Appends.Where(append => !append.Completion.IsCompleted)]);
        }
        catch (PostgresException refusal) when (refusal.ConstraintName == "pkey_mt_events_seq_id")
        {
            // The sequence stands below numbers that are there: another try would only draw the next wrong number.
            foreach (var append in batch.Appends) append.Fail(refusal);
            return [];
        }
        catch (Exception refusal) when (IsRefusal(refusal))
        {
            // A stream that is there already, a receipt, a lock, JSON that the server refuses: which one it was the careful way finds out.
            return WithCare(batch.Appends);
        }
#pragma warning disable CA1031 // Whatever happens on the way, each caller gets an answer and the queue goes on.
        catch (Exception lost)
#pragma warning restore CA1031
        {
            return WithCare(Settle(batch.Appends, lost));
        }
    }

    private List<(PendingAppend Append, AppendResult Result)> ExecuteQuickly(GatheredBatch batch)
    {
        if (!LoneAppend.Fits(batch)) return (_quick ??= new QuickAppend(_connection!, layout)).Execute(batch);
        return (_lone ??= new LoneAppend(_connection!, layout)).Execute(batch.Appends[0]) is { } result ? [(batch.Appends[0], result)] : [];
    }

    private static IReadOnlyList<PendingAppend> WithCare(IReadOnlyList<PendingAppend> appends)
    {
        foreach (var append in appends) append.NeedsCare = true;
        return appends;
    }

    private IReadOnlyList<PendingAppend> WriteWithCare(IReadOnlyList<PendingAppend> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var connection = Connect();
                var appends = batch;
                var told = inline.Around(connection, () => Pair(appends, new CarefulAppend(appends, _careful).Execute(connection)));
                if (told.Exists(append => append.Result is AppendResult.Appended)) herald.Tell();
                foreach (var (append, result) in told) append.Complete(result);
                return DropHeldTooLong([.. batch.Where(append => !append.Completion.IsCompleted)], PauseAfterHeld);
            }
            catch (PostgresException refusal) when (IsPassing(refusal) && attempt < MostAttempts)
            {
                Thread.Sleep(Random.Shared.Next(1, 1 << attempt));
            }
            catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                // A foreign session is making one of the streams, or holds a table: who waits for it is found, and waits alone.
                batch = DropHeldTooLong(batch, PauseAfterLock);
                if (batch.Count > 1) return Halve(batch);
                foreach (var append in batch) append.TravelsAlone = true;
                return batch;
            }
            catch (Exception refusal) when (IsRefusal(refusal))
            {
                if (batch.Count > 1) return Halve(batch);
                batch[0].Fail(refusal);
                return [];
            }
#pragma warning disable CA1031 // Whatever happens on the way, each caller gets an answer and the queue goes on.
            catch (Exception lost)
#pragma warning restore CA1031
            {
                batch = Settle(batch, lost);
                if (batch.Count == 0) return [];
                if (!IsConnectionTrouble(lost) && batch.Count > 1) return Halve(batch);
                if (!IsConnectionTrouble(lost) || attempt >= MostAttempts)
                {
                    foreach (var append in batch) append.Fail(lost);
                    return [];
                }

                Thread.Sleep(5 << attempt);
            }
        }
    }

    public void Dispose() => Disconnect();

    private static List<(PendingAppend Append, AppendResult Result)> Pair(IReadOnlyList<PendingAppend> batch, AppendResult?[] results) =>
        [.. batch.Zip(results).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!))];

    /// <summary>Tells those that have waited for another session's lock for too long; the others may wait on.</summary>
    private static List<PendingAppend> DropHeldTooLong(IReadOnlyList<PendingAppend> held, TimeSpan pause)
    {
        var waiting = new List<PendingAppend>(held.Count);
        foreach (var append in held)
        {
            append.HeldSince ??= Environment.TickCount64;
            append.NotBefore = Environment.TickCount64 + (long)pause.TotalMilliseconds;
            if (Environment.TickCount64 - append.HeldSince < (long)HeldPatience.TotalMilliseconds)
                waiting.Add(append);
            else
                append.Fail(new TimeoutException(
                    $"Another session has held '{append.Request.Streams.Select(stream => stream.StreamId).FirstOrDefault()}' or a table "
                    + $"that it needs for {HeldPatience.TotalSeconds:0} s; nothing was written."));
        }

        return waiting;
    }

    private IReadOnlyList<PendingAppend> Halve(IReadOnlyList<PendingAppend> batch) =>
    [
        .. WriteWithCare([.. batch.Take(batch.Count / 2)]),
        .. WriteWithCare([.. batch.Skip(batch.Count / 2)]),
    ];

    private NpgsqlConnection Connect()
    {
        if (_connection is not null) return _connection;
        var connection = source.OpenConnection();
        try
        {
            _process = ServerProcess.Of(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        return _connection = connection;
    }

    private void Disconnect()
    {
        _lone?.Dispose();
        _quick?.Dispose();
        _connection?.Dispose();
        (_lone, _quick, _connection) = (null, null, null);
    }

    /// <summary>Drops the connection, waits until its server process has ended, and completes what it did commit.</summary>
    /// <returns>The appends of which nothing was written.</returns>
    private IReadOnlyList<PendingAppend> Settle(IReadOnlyList<PendingAppend> batch, Exception lost)
    {
        // Nothing was sent when there was no connection yet.
        if (_connection is null) return batch;
        try
        {
            NpgsqlConnection.ClearPool(_connection);
            Disconnect();
            var open = _settlement.SettleAsync([.. batch.Where(append => !append.Completion.IsCompleted)], _process).GetAwaiter().GetResult();
            if (open.Count < batch.Count) herald.Tell();
            return open;
        }
#pragma warning disable CA1031 // Whatever kept the server from answering, the callers must learn that the outcome is open.
        catch (Exception unreachable)
#pragma warning restore CA1031
        {
            (_lone, _quick, _connection) = (null, null, null);
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

    /// <summary>Nothing was written, and it is known why.</summary>
    private static bool IsRefusal(Exception refusal) =>
        refusal is InlineProjectionException || (refusal is PostgresException answer && !IsServerTrouble(answer));

    private static bool IsConnectionTrouble(Exception lost) =>
        lost is NpgsqlException or IOException or SocketException or TimeoutException or ObjectDisposedException;
}

/// <summary>
/// The server could not be asked whether an append was committed before the time for asking ran out. The caller must look
/// before it tries again; a request with an idempotency key may simply be sent again.
/// </summary>
public sealed class AppendOutcomeUnknownException(Exception inner)
    : Exception("The connection was lost while committing and the server could not be asked what became of it.", inner);
