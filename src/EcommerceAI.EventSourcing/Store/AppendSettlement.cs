using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Finds out what became of a batch whose connection was lost at commit: first its server process must be gone, so that
/// nothing can commit any more, then the log itself is asked.
/// </summary>
internal sealed class AppendSettlement(NpgsqlDataSource source)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Completes what was committed and returns the rest.</summary>
    /// <param name="batch">The appends in doubt.</param>
    /// <param name="process">The server process that had them.</param>
    /// <exception cref="NpgsqlException">The server did not answer for 30 seconds.</exception>
    public async Task<IReadOnlyList<PendingAppend>> SettleAsync(IReadOnlyList<PendingAppend> batch, ServerProcess process)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync();
                await EndProcessAsync(connection, process, deadline);
                return await CompleteCommittedAsync(connection, batch);
            }
            catch (NpgsqlException) when (DateTime.UtcNow < deadline)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    /// <summary>Ends the server process; one that is already committing finishes that first.</summary>
    private static async Task EndProcessAsync(NpgsqlConnection connection, ServerProcess process, DateTime deadline)
    {
        while (true)
        {
            await using var command = new NpgsqlCommand(
                "select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and backend_start = $2 and usename = current_user",
                connection);
            command.Parameters.AddWithValue(process.Id);
            command.Parameters.AddWithValue(process.Started);
            if (await command.ExecuteScalarAsync() is null) return;
            if (DateTime.UtcNow > deadline) throw new NpgsqlException($"The server process {process.Id} does not end.");
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    private static async Task<IReadOnlyList<PendingAppend>> CompleteCommittedAsync(
        NpgsqlConnection connection, IReadOnlyList<PendingAppend> batch)
    {
        var found = await FindEventsAsync(connection, batch);
        var receipts = await FindReceiptsAsync(connection, batch);
        var open = new List<PendingAppend>();
        foreach (var append in batch)
        {
            var last = append.Events.Where(events => events.Length > 0).Select(events => events[^1].Id).ToArray();
            var committed = last.Length > 0
                ? found.ContainsKey(last[0])
                : append.Request.Receipt is { } receipt && receipts.Contains((receipt.Principal, receipt.Key));
            if (committed)
                append.Complete(new AppendResult.Appended(
                    last.Select(id => found[id].Position).DefaultIfEmpty().Max(), [.. last.Select(id => found[id].Version)]));
            else
                open.Add(append);
        }

        return open;
    }

    private static async Task<Dictionary<Guid, (long Version, long Position)>> FindEventsAsync(
        NpgsqlConnection connection, IReadOnlyList<PendingAppend> batch)
    {
        await using var command = new NpgsqlCommand(AppendSql.FindEvents, connection);
        command.Parameters.AddWithValue(
            NpgsqlDbType.Array | NpgsqlDbType.Varchar, batch.SelectMany(a => a.Request.Streams.Select(s => s.StreamId)).ToArray());
        command.Parameters.AddWithValue(
            NpgsqlDbType.Array | NpgsqlDbType.Uuid, batch.SelectMany(a => a.Events.SelectMany(e => e.Select(p => p.Id))).ToArray());
        var found = new Dictionary<Guid, (long, long)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) found[reader.GetGuid(0)] = (reader.GetInt64(1), reader.GetInt64(2));
        return found;
    }

    private static async Task<HashSet<(string, string)>> FindReceiptsAsync(
        NpgsqlConnection connection, IReadOnlyList<PendingAppend> batch)
    {
        NewReceipt[] asked = [.. batch.Where(a => a.Request.Receipt is not null).Select(a => a.Request.Receipt!)];
        await using var command = new NpgsqlCommand(AppendSql.FindReceipts, connection);
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, asked.Select(r => r.Principal).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, asked.Select(r => r.Key).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Bytea, asked.Select(r => r.RequestHash).ToArray());
        var found = new HashSet<(string, string)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) found.Add((reader.GetString(0), reader.GetString(1)));
        return found;
    }
}

/// <summary>A server process. Its number alone is not enough: numbers are used again, above all after a restart.</summary>
/// <param name="Id">Its process id.</param>
/// <param name="Started">When it began, by the server's clock, in UTC.</param>
internal readonly record struct ServerProcess(int Id, DateTime Started)
{
    /// <summary>The process that serves <paramref name="connection"/>.</summary>
    public static ServerProcess Of(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()", connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        return new ServerProcess(reader.GetInt32(0), reader.GetDateTime(1));
    }
}
