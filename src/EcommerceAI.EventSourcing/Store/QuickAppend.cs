using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Sends batches of quick appends: at most two prepared statements in one round trip and one transaction. What a batch is made of
/// decides the text, so that one event without receipt or metadata pays for neither.
/// </summary>
internal sealed class QuickAppend(NpgsqlConnection connection, EventLayout layout) : IDisposable
{
    private readonly Dictionary<(bool New, bool Moved, QuickColumns Columns), NpgsqlBatch> _prepared = [];

    /// <summary>Writes the chains that fit; committed when this returns, unless a transaction is open.</summary>
    /// <returns>
    /// What was written. The others belong to a stream that was not at its version or is held by another session; nothing of them was
    /// written.
    /// </returns>
    public List<(PendingAppend Append, AppendResult Result)> Execute(GatheredBatch batch)
    {
        // In the order of their keys, so that two nodes that make the same streams do not wait for each other in a ring.
        var chains = batch.Chains.ToArray();
        if (chains.Length > 1) Array.Sort(chains, static (a, b) => string.CompareOrdinal(a.StreamId, b.StreamId));
        var made = Array.FindAll(chains, chain => chain.Expected == 0);
        var moved = made.Length == chains.Length ? [] : Array.FindAll(chains, chain => chain.Expected > 0);
        var columns = ColumnsOf(batch.Appends);
        var commands = Prepare(made.Length > 0, moved.Length > 0, columns);
        if (made.Length > 0) Fill(commands.BatchCommands[0], made, columns);
        if (moved.Length > 0) Fill(commands.BatchCommands[^1], moved, columns);

        var numbers = new List<long[]>(2);
        using (var reader = commands.ExecuteReader())
        {
            do
            {
                numbers.Add(ReadNumbers(reader, numbers.Count == 0 && made.Length > 0 ? made : moved));
            }
            while (reader.NextResult());
        }

        // Disposing the reader has waited for the commit: only now is there a result.
        var written = new List<(PendingAppend, AppendResult)>(batch.Appends.Count);
        if (made.Length > 0) AddWritten(made, numbers[0], written);
        if (moved.Length > 0) AddWritten(moved, numbers[^1], written);
        return written;
    }

    public void Dispose()
    {
        foreach (var batch in _prepared.Values) batch.Dispose();
        _prepared.Clear();
    }

    private NpgsqlBatch Prepare(bool made, bool moved, QuickColumns columns)
    {
        if (_prepared.TryGetValue((made, moved, columns), out var known)) return known;
        var batch = new NpgsqlBatch(connection);
        if (made) batch.BatchCommands.Add(Command(QuickAppendSql.New(columns, layout), false, columns));
        if (moved) batch.BatchCommands.Add(Command(QuickAppendSql.Moved(columns, layout), true, columns));
        batch.Prepare();
        return _prepared[(made, moved, columns)] = batch;
    }

    private static NpgsqlBatchCommand Command(string sql, bool moved, QuickColumns columns)
    {
        var command = new NpgsqlBatchCommand(sql);
        NpgsqlDbType[] types =
        [
            NpgsqlDbType.Varchar, NpgsqlDbType.Integer, .. moved ? (NpgsqlDbType[])[NpgsqlDbType.Bigint] : [],
            NpgsqlDbType.Varchar, NpgsqlDbType.Bigint, NpgsqlDbType.Uuid, NpgsqlDbType.Varchar, NpgsqlDbType.Varchar, NpgsqlDbType.Jsonb,
            .. columns.HasFlag(QuickColumns.Metadata) ? (NpgsqlDbType[])[NpgsqlDbType.Varchar, NpgsqlDbType.Varchar, NpgsqlDbType.Jsonb] : [],
            .. columns.HasFlag(QuickColumns.Moments) ? (NpgsqlDbType[])[NpgsqlDbType.TimestampTz] : [],
            .. columns.HasFlag(QuickColumns.Receipts)
                ? (NpgsqlDbType[])[NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bytea, NpgsqlDbType.Jsonb, NpgsqlDbType.Integer] : [],
        ];
        foreach (var type in types) command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type });
        return command;
    }

    private static QuickColumns ColumnsOf(IReadOnlyList<PendingAppend> appends)
    {
        var columns = QuickColumns.None;
        foreach (var append in appends)
        {
            if (append.Receipt is not null) columns |= QuickColumns.Receipts;
            if (append.Metadata != EventMetadata.None) columns |= QuickColumns.Metadata;
            foreach (var @event in append.Events[0])
            {
                if (@event.Timestamp is not null) columns |= QuickColumns.Moments;
            }
        }

        return columns;
    }

    private static void Fill(NpgsqlBatchCommand command, AppendChain[] chains, QuickColumns columns)
    {
        var next = 0;
        void Set(Array values) => command.Parameters[next++].Value = values;

        Set(Array.ConvertAll(chains, chain => chain.StreamId));
        Set(Array.ConvertAll(chains, chain => chain.EventCount));
        if (chains[0].Expected > 0) Set(Array.ConvertAll(chains, chain => chain.Expected));
        var rows = new QuickRows(chains, columns);
        foreach (var values in rows.Arrays) Set(values);
    }

    private static long[] ReadNumbers(NpgsqlDataReader reader, AppendChain[] chains)
    {
        var numbers = new long[chains.Sum(chain => chain.EventCount)];
        var count = 0;
        while (reader.Read()) numbers[count++] = reader.GetInt64(0);
        return count == 0 ? [] : count == numbers.Length ? numbers : throw new DataException($"{count} of {numbers.Length} events came back as written.");
    }

    private static void AddWritten(AppendChain[] chains, long[] numbers, List<(PendingAppend, AppendResult)> written)
    {
        if (numbers.Length == 0) return;
        var at = -1;
        foreach (var chain in chains)
        {
            var version = chain.Expected;
            foreach (var append in chain.Links)
            {
                at += append.EventCount;
                version += append.EventCount;
                written.Add((append, new AppendResult.Appended(numbers[at], [version])));
            }
        }
    }
}

/// <summary>The events and receipts of some chains, a column an array.</summary>
internal sealed class QuickRows
{
    public QuickRows(AppendChain[] chains, QuickColumns columns)
    {
        var count = chains.Sum(chain => chain.EventCount);
        var streams = new string[count];
        var versions = new long[count];
        var ids = new Guid[count];
        var types = new string[count];
        var clrTypes = new string[count];
        var data = new byte[count][];
        var hasMetadata = columns.HasFlag(QuickColumns.Metadata);
        var correlations = new string?[hasMetadata ? count : 0];
        var causations = new string?[hasMetadata ? count : 0];
        var headers = new byte[]?[hasMetadata ? count : 0];
        var moments = new DateTime?[columns.HasFlag(QuickColumns.Moments) ? count : 0];
        var receipts = new List<(NewReceipt Receipt, byte[] Outcome, int Last)>();
        var at = 0;
        foreach (var chain in chains)
        {
            var version = chain.Expected;
            foreach (var append in chain.Links)
            {
                foreach (var @event in append.Events[0])
                {
                    streams[at] = chain.StreamId;
                    versions[at] = ++version;
                    ids[at] = @event.Id;
                    types[at] = @event.Type;
                    clrTypes[at] = @event.ClrType;
                    data[at] = @event.Json;
                    if (hasMetadata) (correlations[at], causations[at], headers[at]) = (append.Metadata.CorrelationId, append.Metadata.CausationId, append.Headers);
                    if (moments.Length > 0) moments[at] = @event.Timestamp?.UtcDateTime;
                    at++;
                }

                if (append.Receipt is { } outcome) receipts.Add((append.Request.Receipt!, outcome, at));
            }
        }

        Arrays =
        [
            streams, versions, ids, types, clrTypes, data,
            .. hasMetadata ? (Array[])[correlations, causations, headers] : [],
            .. moments.Length > 0 ? (Array[])[moments] : [],
            .. columns.HasFlag(QuickColumns.Receipts)
                ? (Array[])
                [
                    receipts.Select(r => r.Receipt.Principal).ToArray(), receipts.Select(r => r.Receipt.Key).ToArray(),
                    receipts.Select(r => r.Receipt.RequestHash).ToArray(), receipts.Select(r => r.Outcome).ToArray(), receipts.Select(r => r.Last).ToArray(),
                ]
                : [],
        ];
    }

    /// <summary>In the order in which the statements take them.</summary>
    public Array[] Arrays { get; }
}
