using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// One append of one event, when nobody else has one. Plain values in place of arrays take a fifth off the time of a lone caller; the
/// outcome is that of <see cref="QuickAppend"/>.
/// </summary>
internal sealed class LoneAppend(NpgsqlConnection connection, EventLayout layout) : IDisposable
{
    private static readonly NpgsqlDbType[] Types =
    [
        NpgsqlDbType.Varchar, NpgsqlDbType.Bigint, NpgsqlDbType.Uuid, NpgsqlDbType.Varchar, NpgsqlDbType.Varchar, NpgsqlDbType.Jsonb,
        NpgsqlDbType.TimestampTz, NpgsqlDbType.Varchar, NpgsqlDbType.Varchar, NpgsqlDbType.Jsonb,
    ];

    private static readonly NpgsqlDbType[] ReceiptTypes = [NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bytea, NpgsqlDbType.Jsonb];

    private readonly Dictionary<(bool New, bool Receipt), NpgsqlCommand> _prepared = [];

    /// <summary>Whether a batch is such an append.</summary>
    public static bool Fits(GatheredBatch batch) => batch.Appends is [{ EventCount: 1 }];

    /// <summary>Writes it if it fits; committed when this returns, unless a transaction is open.</summary>
    /// <returns>Null when the stream was not at its version or held by another session; nothing was written.</returns>
    public AppendResult? Execute(PendingAppend append)
    {
        var stream = append.Request.Streams[0];
        var @event = append.Events[0][0];
        var command = Prepare(stream.Expected.Value == 0, append.Receipt is not null);
        object?[] values =
        [
            stream.StreamId, stream.Expected.Value, @event.Id, @event.Type, @event.ClrType, @event.Json, @event.Timestamp?.UtcDateTime,
            append.Metadata.CorrelationId, append.Metadata.CausationId, append.Headers,
            .. append.Request.Receipt is { } receipt ? (object?[])[receipt.Principal, receipt.Key, receipt.RequestHash, append.Receipt] : [],
        ];
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command.ExecuteScalar() is long position ? new AppendResult.Appended(position, [stream.Expected.Value + 1]) : null;
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values) command.Dispose();
        _prepared.Clear();
    }

    private NpgsqlCommand Prepare(bool isNew, bool hasReceipt)
    {
        if (_prepared.TryGetValue((isNew, hasReceipt), out var known)) return known;
        var command = new NpgsqlCommand(Sql(isNew, hasReceipt), connection);
        foreach (var type in (IEnumerable<NpgsqlDbType>)[.. Types, .. hasReceipt ? ReceiptTypes : []])
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        command.Prepare();
        return _prepared[(isNew, hasReceipt)] = command;
    }

    private string Sql(bool isNew, bool hasReceipt)
    {
        var stream = isNew
            ? """
              insert into events.mt_streams (id, version, timestamp, created, is_archived) values ($1, $2 + 1, now(), now(), false) returning 1
              """
            : """
              update events.mt_streams set version = version + 1, timestamp = now()
              where ctid = (select m.ctid from events.mt_streams m
                            where m.id = $1 and m.version = $2 and m.is_archived is not true for no key update skip locked)
              returning 1
              """;
        var @event =
            $"""
             insert into events.mt_events (seq_id, id, stream_id, version, data, type, timestamp, {layout.Optional()}is_archived)
             select nextval('events.mt_events_sequence'), $3, $1, $2 + 1, $6, $4, coalesce($7, now()), {layout.Optional("$5", "$8", "$9", "$10")}false
             from stream
             returning seq_id
             """;
        return hasReceipt
            ? $"""
               with stream as ({stream}), appended as ({@event}), receipted as (
                   insert into bookkeeping.receipts (principal, key, request_hash, outcome, position) select $11, $12, $13, $14, seq_id from appended
               )
               select seq_id from appended
               """
            : $"with stream as ({stream}) {@event}";
    }
}
