using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Appends to any number of streams each, at any version, as the parameters of one round trip, and what became of each: also why one
/// was refused.
/// </summary>
/// <param name="appends">The appends.</param>
/// <param name="sql"><see cref="AppendSql.Careful"/> for the layout at hand.</param>
internal sealed class CarefulAppend(IReadOnlyList<PendingAppend> appends, string sql)
{
    /// <summary>Sends the batch on <paramref name="connection"/>; one transaction, committed when this returns.</summary>
    /// <returns>What became of each append; null where another session holds one of its streams, so that it was left out.</returns>
    public AppendResult?[] Execute(NpgsqlConnection connection)
    {
        using var command = CreateCommand(connection);
        // Closing the reader reads to the end, and that waits for the commit: the server answers the final Sync after it has flushed.
        using var reader = command.ExecuteReader();
        return ReadResults(reader);
    }

    private NpgsqlCommand CreateCommand(NpgsqlConnection connection)
    {
        var streams = new Streams();
        var events = new Events();
        var receipts = new Receipts();
        for (var request = 0; request < appends.Count; request++)
        {
            var append = appends[request];
            for (var i = 0; i < append.Request.Streams.Count; i++)
            {
                events.Add(streams.Count + 1, append.Request.Streams[i].StreamId, append, append.Events[i]);
                streams.Add(request, append.Request.Streams[i], events.Count);
            }

            if (append.Receipt is { } outcome) receipts.Add(request, append.Request.Receipt!, outcome, append.EventCount > 0 ? events.Count : 0);
        }

        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in (IEnumerable<NpgsqlParameter>)[.. streams.Parameters(), .. events.Parameters(), .. receipts.Parameters()])
            command.Parameters.Add(parameter);
        return command;
    }

    private AppendResult?[] ReadResults(NpgsqlDataReader reader)
    {
        var refusals = new AppendResult?[appends.Count];
        var held = new bool[appends.Count];
        var versions = new List<long>[appends.Count];
        var positions = new long[appends.Count];
        while (reader.Read())
        {
            var request = reader.GetInt32(0);
            var kind = reader.GetInt32(1);
            if (kind == AppendSql.Receipted)
            {
                // The first answer to this key stands, whatever else would speak against the append.
                var receipt = appends[request].Request.Receipt!;
                refusals[request] = new AppendResult.ReceiptExists(receipt.Principal, receipt.Key);
                continue;
            }

            var version = reader.GetInt64(4);
            held[request] |= kind == AppendSql.Held;
            refusals[request] ??= kind switch
            {
                AppendSql.Archived => new AppendResult.StreamArchived(reader.GetString(2)),
                AppendSql.Conflicts => new AppendResult.VersionConflict(reader.GetString(2), new ExpectedVersion(reader.GetInt64(3)), version),
                _ => null,
            };
            var place = (versions[request] ??= []).Count;
            versions[request].Add(version + appends[request].Events[place].Length);
            positions[request] = Math.Max(positions[request], reader.GetInt64(5));
        }

        return [.. refusals.Select((refusal, i) => refusal ?? (held[i] ? null : new AppendResult.Appended(positions[i], versions[i] ?? [])))];
    }

    private static NpgsqlParameter Parameter<T>(IReadOnlyCollection<T> values, NpgsqlDbType type) =>
        new() { Value = values as T[] ?? [.. values], NpgsqlDbType = NpgsqlDbType.Array | type };

    private sealed class Streams
    {
        private readonly List<int> _requests = [];
        private readonly List<string> _keys = [];
        private readonly List<long> _expected = [];
        private readonly List<int> _events = [];
        private readonly List<int> _last = [];

        public int Count => _keys.Count;

        public void Add(int request, StreamAppend append, int last)
        {
            _requests.Add(request);
            _keys.Add(append.StreamId);
            _expected.Add(append.Expected.Value);
            _events.Add(append.Events.Count);
            _last.Add(last);
        }

        public IEnumerable<NpgsqlParameter> Parameters() =>
        [
            Parameter(_requests, NpgsqlDbType.Integer), Parameter(_keys, NpgsqlDbType.Varchar),
            Parameter(_expected, NpgsqlDbType.Bigint), Parameter(_events, NpgsqlDbType.Integer),
            Parameter(_last, NpgsqlDbType.Integer),
        ];
    }

    private sealed class Events
    {
        private readonly List<int> _streams = [];
        private readonly List<string> _keys = [];
        private readonly List<int> _places = [];
        private readonly List<PreparedEvent> _events = [];
        private readonly List<PendingAppend> _appends = [];

        public int Count => _events.Count;

        public void Add(int stream, string key, PendingAppend append, PreparedEvent[] events)
        {
            for (var i = 0; i < events.Length; i++)
            {
                _streams.Add(stream);
                _keys.Add(key);
                _places.Add(i + 1);
                _events.Add(events[i]);
                _appends.Add(append);
            }
        }

        public IEnumerable<NpgsqlParameter> Parameters() =>
        [
            Parameter(_streams, NpgsqlDbType.Integer), Parameter(_keys, NpgsqlDbType.Varchar), Parameter(_places, NpgsqlDbType.Integer),
            Parameter([.. _events.Select(e => e.Id)], NpgsqlDbType.Uuid),
            Parameter([.. _events.Select(e => e.Type)], NpgsqlDbType.Varchar),
            Parameter([.. _events.Select(e => e.Json)], NpgsqlDbType.Jsonb),
            Parameter([.. _events.Select(e => e.Timestamp?.ToUniversalTime())], NpgsqlDbType.TimestampTz),
            Parameter([.. _events.Select(e => e.ClrType)], NpgsqlDbType.Varchar),
            Parameter([.. _appends.Select(a => a.Metadata.CorrelationId)], NpgsqlDbType.Varchar),
            Parameter([.. _appends.Select(a => a.Metadata.CausationId)], NpgsqlDbType.Varchar),
            Parameter([.. _appends.Select(a => a.Headers)], NpgsqlDbType.Jsonb),
        ];
    }

    private sealed class Receipts
    {
        private readonly List<int> _requests = [];
        private readonly List<NewReceipt> _receipts = [];
        private readonly List<byte[]> _outcomes = [];
        private readonly List<int> _last = [];

        public void Add(int request, NewReceipt receipt, byte[] outcome, int last)
        {
            _requests.Add(request);
            _receipts.Add(receipt);
            _outcomes.Add(outcome);
            _last.Add(last);
        }

        public IEnumerable<NpgsqlParameter> Parameters() =>
        [
            Parameter(_requests, NpgsqlDbType.Integer),
            Parameter([.. _receipts.Select(r => r.Principal)], NpgsqlDbType.Text),
            Parameter([.. _receipts.Select(r => r.Key)], NpgsqlDbType.Text),
            Parameter([.. _receipts.Select(r => r.RequestHash)], NpgsqlDbType.Bytea),
            Parameter(_outcomes, NpgsqlDbType.Jsonb),
            Parameter(_last, NpgsqlDbType.Integer),
        ];
    }
}
