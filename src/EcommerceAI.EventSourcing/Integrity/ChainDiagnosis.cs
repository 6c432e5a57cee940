using Npgsql;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>
/// Says what a comparison means. The signed heads decide: leaves that fit every head convict the log, a log that fits every head convicts
/// the tree's tables, and where neither fits, somebody has rewritten both.
/// </summary>
/// <param name="connection">The snapshot that was compared.</param>
/// <param name="comparison">What was found.</param>
/// <param name="findings">Where it goes.</param>
internal sealed class ChainDiagnosis(NpgsqlConnection connection, ChainComparison comparison, ChainFindings findings)
{
    public async Task AddAsync(CancellationToken cancellation)
    {
        if (comparison.LogFailsAt is null)
        {
            AddTreeFindings();
            return;
        }

        if (comparison.TreeFailsAt is not null || comparison.DifferenceCount == 0) AddRewritten(comparison.LogFailsAt);
        await AddEventFindingsAsync(cancellation);
    }

    private void AddTreeFindings()
    {
        if (comparison.DifferenceCount == 0 && comparison.TreeFailsAt is null) return;
        var where = comparison.Differences is [var first, ..] ? $" at position {first.Position}" : "";
        findings.Add(
            ChainFault.Tree, $"The tree's leaves were changed{where}, {comparison.DifferenceCount} in all; the log itself is what was sealed.",
            comparison.Differences is [var one, ..] ? one.Position : null);
    }

    private void AddRewritten(ChainHead failed)
    {
        var from = (comparison.LogFits?.Position ?? 0) + 1;
        findings.Add(
            ChainFault.Changed,
            $"Events from position {from} to {failed.Position} are not those of the head of {failed.Size} events made {ChainHead.MomentText(failed.Sealed)}, and the tree's leaves were rewritten with them.",
            from);
    }

    private async Task AddEventFindingsAsync(CancellationToken cancellation)
    {
        var present = await ReadEventsAsync(cancellation);
        var missing = await ReadMissingVersionsAsync(cancellation);
        foreach (var (difference, position) in comparison.Differences)
        {
            var (stream, told) = present.GetValueOrDefault(position);
            switch (difference)
            {
                case LeafDifference.Changed:
                    findings.Add(ChainFault.Changed, $"{told} is not what it was when it was sealed.", position, stream);
                    break;
                case LeafDifference.Inserted:
                    findings.Add(
                        ChainFault.Inserted,
                        $"{told} was not there when the log was sealed: inserted behind the store's back, or committed late by a writer that does not draw its number in the transaction that inserts.",
                        position, stream);
                    break;
                default:
                    var lost = missing.Where(gap => gap.After < position && position < gap.Before).Take(2).ToList();
                    findings.Add(
                        ChainFault.Removed,
                        lost is [var only] ? $"Version {only.Version} of the stream, or one close to it, is gone." : "The event is gone; no stream that is left lacks it alone.",
                        position, lost is [var named] ? named.Stream : null);
                    break;
            }
        }

        for (var more = comparison.Differences.Count; more < comparison.DifferenceCount; more++) findings.Add(ChainFault.Changed, "Another difference.");
    }

    private async Task<Dictionary<long, (string? Stream, string Told)>> ReadEventsAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select seq_id, stream_id, version, type from events.mt_events where seq_id = any($1)", connection);
        command.Parameters.AddWithValue(comparison.Differences.Select(difference => difference.Position).ToArray());
        var events = new Dictionary<long, (string?, string)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            events[reader.GetInt64(0)] = (reader.IsDBNull(1) ? null : reader.GetString(1), $"The event {reader.GetString(3)} (version {reader.GetInt64(2)})");
        return events;
    }

    /// <summary>A removed event leaves no name behind, but its stream lacks a version between two positions, or after the last.</summary>
    private async Task<List<(string Stream, long Version, long After, long Before)>> ReadMissingVersionsAsync(CancellationToken cancellation)
    {
        var gaps = new List<(string, long, long, long)>();
        if (!comparison.Differences.Exists(difference => difference.Difference == LeafDifference.Removed)) return gaps;
        await using var command = new NpgsqlCommand(
            """
            select stream_id, coalesce(before, 0) + 1, coalesce(after, 0), seq_id from (
                select stream_id, version, seq_id, lag(version) over w as before, lag(seq_id) over w as after
                from events.mt_events window w as (partition by stream_id order by version)) e
            where version > coalesce(before, 0) + 1
            union all
            select s.id, coalesce(e.version, 0) + 1, coalesce(e.seq_id, 0), 9223372036854775807
            from events.mt_streams s
            left join lateral (select version, seq_id from events.mt_events where stream_id = s.id order by version desc limit 1) e on true
            where s.version > coalesce(e.version, 0)
            """,
            connection)
        { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) gaps.Add((reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        return gaps;
    }
}
