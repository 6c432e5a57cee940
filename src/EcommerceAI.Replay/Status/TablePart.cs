using System.Text.Json.Nodes;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;
using Npgsql;

namespace EcommerceAI.Replay.Status;

/// <summary>A table of our own bookkeeping as a part of <c>status</c>, left out where nobody has made the table.</summary>
internal static class TablePart
{
    /// <summary>Reads rows and shows them.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The part's name in JSON, and of its table in <c>bookkeeping</c>.</param>
    /// <param name="sql">What to select; the names of its columns become headings and fields.</param>
    /// <param name="amiss">What is wrong with a row, or null.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<StatusSection?> ReadAsync(
        EventStore store, string name, string sql, Func<NpgsqlDataReader, string?> amiss, CancellationToken cancellation)
    {
        await using (var there = store.Source.CreateCommand($"select to_regclass('bookkeeping.{name}') is not null"))
        {
            if (!(bool)(await there.ExecuteScalarAsync(cancellation))!) return null;
        }

        await using var command = store.Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var table = new TextTable();
        for (var i = 0; i < reader.FieldCount; i++) table.Text(reader.GetName(i).Replace('_', ' '));
        var rows = new JsonArray();
        var findings = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            var cells = new object?[reader.FieldCount];
            var row = new JsonObject();
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = await reader.IsDBNullAsync(i, cancellation) ? null
                    : reader.GetFieldType(i) == typeof(DateTime) ? await reader.GetFieldValueAsync<DateTimeOffset>(i, cancellation) : reader.GetValue(i);
                row[CamelCase(reader.GetName(i))] = cells[i] is null ? null : JsonValue.Create(cells[i]);
            }

            table.Row(cells);
            rows.Add(row);
            if (amiss(reader) is { } finding) findings.Add(finding);
        }

        return new StatusSection(CamelCase(name), rows, table, findings);
    }

    private static string CamelCase(string name) =>
        string.Concat(name.Split('_').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}

/// <summary>Projections and subscriptions that stand still, and why.</summary>
internal sealed class FailuresPart : IStatusPart
{
    /// <inheritdoc/>
    public Task<StatusSection?> ReadAsync(EventStore store, CancellationToken cancellation) => TablePart.ReadAsync(
        store, "failures", "select shard as stopped, reason, position, stream_id, event_type, attempts, since from bookkeeping.failures order by shard",
        row => $"{TextTable.Show(row.GetString(0))} has stopped: {TextTable.Show(row.GetString(1))}", cancellation);
}

/// <summary>Which node runs what, and until when.</summary>
internal sealed class LeasesPart : IStatusPart
{
    /// <inheritdoc/>
    public Task<StatusSection?> ReadAsync(EventStore store, CancellationToken cancellation) => TablePart.ReadAsync(
        store, "leases",
        "select shard as lease, owner, token, acquired, expires, expires > clock_timestamp() as held from bookkeeping.leases order by shard",
        _ => null, cancellation);
}

/// <summary>Events that a subscription could not take, by subscription.</summary>
internal sealed class ParkedEventsPart : IStatusPart
{
    /// <inheritdoc/>
    public Task<StatusSection?> ReadAsync(EventStore store, CancellationToken cancellation) => TablePart.ReadAsync(
        store, "parked_events",
        """
        select subscription as parked_by, count(*) as events, count(distinct stream_id) as streams, min(position) as first_position, min(parked) as since
        from bookkeeping.parked_events group by subscription order by subscription
        """,
        row => $"{row.GetInt64(1)} events are parked by the subscription {TextTable.Show(row.GetString(0))}.", cancellation);
}

/// <summary>Timers by type, and what is due.</summary>
internal sealed class TimersPart : IStatusPart
{
    /// <inheritdoc/>
    public Task<StatusSection?> ReadAsync(EventStore store, CancellationToken cancellation) => TablePart.ReadAsync(
        store, "timers",
        """
        select type as timers, count(*) as waiting, count(*) filter (where due <= clock_timestamp() and parked is null) as due,
               count(*) filter (where parked is not null) as parked, min(due) as next
        from bookkeeping.timers group by type order by type
        """,
        row => row.GetInt64(3) > 0 ? $"{row.GetInt64(3)} timers of type {TextTable.Show(row.GetString(0))} have failed too often and are parked." : null,
        cancellation);
}
