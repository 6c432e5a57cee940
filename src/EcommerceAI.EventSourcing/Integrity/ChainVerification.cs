using System.Data;
using EcommerceAI.EventSourcing.Store;
using Npgsql;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>
/// Reads the log through and compares it with every signed head, those outside the database included, in one snapshot while others go on
/// writing.
/// </summary>
/// <param name="store">The event store.</param>
/// <param name="chain">Its chain.</param>
public sealed class ChainVerification(EventStore store, EventChain chain)
{
    private const int PageSize = 65_536;

    /// <summary>Verifies all that is below the largest head.</summary>
    /// <param name="progress">Told the position after each page.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ChainException">The file of heads or a key's file cannot be read.</exception>
    public async Task<ChainVerificationResult> RunAsync(IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        // The file first: a head that is published while we read is in the snapshot's future, and would look like one taken back.
        var published = chain.Published.Read();
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var findings = new ChainFindings();
        var tables = new ChainTables(connection);
        var inDatabase = await tables.ListHeadsAsync(0, cancellation);
        var origin = await tables.FindOriginAsync(cancellation);
        var heads = CollectHeads(inDatabase, published, origin, findings);
        var target = heads.Count > 0 ? heads[^1] : null;
        var redactions = await CollectRedactionsAsync(connection, origin, findings, cancellation);

        var derived = new Dictionary<(int, long), byte[]>();
        var comparison = new ChainComparison(heads, tile => derived[(tile.Level, tile.Number)] = tile.Level > 0 ? tile.Hashes : []);
        var redacted = 0L;
        if (target is not null)
            redacted = await CompareAsync(connection, new SealedLeaves(tables, target.Size), target, comparison, redactions, progress, cancellation);
        await new ChainDiagnosis(connection, comparison, findings).AddAsync(cancellation);
        if (target is not null && findings.Count == 0)
            await CheckUpperTilesAsync(connection, derived, comparison, inDatabase.LastOrDefault()?.Size == target.Size, findings, cancellation);
        var unsealed = await CountUnsealedAsync(connection, target?.Position ?? 0, cancellation);
        return new ChainVerificationResult(target, heads.Count, comparison.Events, redacted, unsealed, findings.Count, findings.All);
    }

    /// <summary>The heads to compare with, rising; those that are not to be trusted become findings.</summary>
    private List<ChainHead> CollectHeads(List<ChainHead> inDatabase, IReadOnlyList<ChainHead> published, Guid? origin, ChainFindings findings)
    {
        var trusted = new SortedDictionary<long, ChainHead>();
        foreach (var head in inDatabase)
        {
            if (IsSigned(head, ChainFault.Head, "in the database", findings)) trusted[head.Size] = head;
        }

        var lost = new List<ChainHead>();
        foreach (var head in published)
        {
            if (!IsSigned(head, ChainFault.Published, $"in {chain.Published.File}", findings)) continue;
            if (head.Origin != origin)
            {
                findings.Add(ChainFault.Published, $"{chain.Published.File} has a head of {head.Size} events of the log {head.Origin}; this database is another one.", head.Position);
                return [.. trusted.Values];
            }

            if (!trusted.TryGetValue(head.Size, out var same) || same != head) lost.Add(head);
            trusted[head.Size] = head;
        }

        if (lost.Count > 0)
            findings.Add(
                ChainFault.Published,
                $"The database lacks {lost.Count} of the heads in {chain.Published.File}, the first of {lost[0].Size} events made {ChainHead.MomentText(lost[0].Sealed)}: it was put back to an earlier state, replaced, or rewritten.",
                lost[0].Position);
        return [.. trusted.Values];
    }

    private bool IsSigned(ChainHead head, ChainFault fault, string where, ChainFindings findings)
    {
        var signed = chain.Keys.Verify(head.Key, head.SignedText(), head.Signature);
        if (signed is null)
            findings.Add(fault, $"The head of {head.Size} events {where} is signed by the key {head.Key}, which is not among the trusted ones.", head.Position);
        else if (signed is false)
            findings.Add(fault, $"The head of {head.Size} events {where} was changed after it was signed.", head.Position);
        return signed is true;
    }

    /// <summary>By position: the leaf that was sealed, and the one that is accepted in its place.</summary>
    private async Task<Dictionary<long, (string Old, string New)>> CollectRedactionsAsync(
        NpgsqlConnection connection, Guid? origin, ChainFindings findings, CancellationToken cancellation)
    {
        var accepted = new Dictionary<long, (string Old, string New)>();
        foreach (var redaction in await ChainRedactions.ListAsync(connection, null, cancellation))
        {
            var signed = chain.Keys.Verify(redaction.Key, redaction.SignedText(origin ?? Guid.Empty), redaction.Signature);
            var hasEarlier = accepted.TryGetValue(redaction.Position, out var earlier);
            if (signed is not true)
                findings.Add(ChainFault.Redaction, $"Redaction {redaction.Number} has no good signature of a trusted key.", redaction.Position);
            else if (hasEarlier && earlier.New != redaction.OldHash)
                findings.Add(ChainFault.Redaction, $"Redaction {redaction.Number} does not follow from the one before it.", redaction.Position);
            else
                accepted[redaction.Position] = (hasEarlier ? earlier.Old : redaction.OldHash, redaction.NewHash);
        }

        return accepted;
    }

    private static async Task<long> CompareAsync(
        NpgsqlConnection connection, SealedLeaves leaves, ChainHead target, ChainComparison comparison,
        Dictionary<long, (string Old, string New)> redactions, IProgress<long>? progress, CancellationToken cancellation)
    {
        var events = await EventLeaves.OverAsync(connection, cancellation);
        var redacted = 0L;
        // No writer draws a number below 1, but somebody may have put an event there.
        var after = long.MinValue + 1;
        await leaves.MoveAsync(cancellation);
        while (true)
        {
            var page = await events.ReadAsync(after, target.Position, PageSize, cancellation);
            for (var i = 0; i < page.Positions.Count; i++)
            {
                var position = page.Positions[i];
                while (leaves.HasCurrent && leaves.Position < position) await TakeRemovedAsync();
                var hash = page.HashAt(i);
                if (redactions.TryGetValue(position, out var redaction) && Convert.ToHexStringLower(hash.Span) == redaction.New)
                {
                    hash = Convert.FromHexString(redaction.Old);
                    redacted++;
                }

                comparison.AddEvent(hash.Span);
                if (!leaves.HasCurrent || leaves.Position > position)
                {
                    comparison.AddDifference(LeafDifference.Inserted, position);
                    continue;
                }

                if (!leaves.Hash.Span.SequenceEqual(hash.Span)) comparison.AddDifference(LeafDifference.Changed, position);
                comparison.AddLeaf(position, leaves.Hash.Span);
                await leaves.MoveAsync(cancellation);
            }

            if (page.Positions.Count < PageSize) break;
            after = page.Positions[^1];
            progress?.Report(after);
        }

        while (leaves.HasCurrent) await TakeRemovedAsync();
        comparison.End();
        return redacted;

        async Task TakeRemovedAsync()
        {
            comparison.AddDifference(LeafDifference.Removed, leaves.Position);
            comparison.AddLeaf(leaves.Position, leaves.Hash.Span);
            await leaves.MoveAsync(cancellation);
        }
    }

    /// <summary>Above the leaves, every tile must be what follows from them; a proof would else be wrong.</summary>
    private static async Task CheckUpperTilesAsync(
        NpgsqlConnection connection, Dictionary<(int Level, long Number), byte[]> derived, ChainComparison comparison, bool isCurrent,
        ChainFindings findings, CancellationToken cancellation)
    {
        var expected = derived.Where(tile => tile.Key.Level > 0).ToDictionary(tile => tile.Key, tile => tile.Value);
        if (isCurrent)
        {
            foreach (var tile in comparison.PartialTiles.Where(tile => tile.Level > 0)) expected[(tile.Level, tile.Number)] = tile.Hashes;
        }

        await using var command = new NpgsqlCommand("select level, number, hashes from bookkeeping.chain_tiles where level > 0", connection);
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                var key = (reader.GetInt32(0), reader.GetInt64(1));
                if (expected.Remove(key, out var hashes) && !hashes.AsSpan().SequenceEqual(reader.GetFieldValue<byte[]>(2)))
                    findings.Add(ChainFault.Tree, $"The tree's tile {key.Item2} of level {key.Item1} was changed; the log itself is what was sealed.");
            }
        }

        foreach (var (level, number) in expected.Keys)
            findings.Add(ChainFault.Tree, $"The tree's tile {number} of level {level} was removed; the log itself is what was sealed.");
    }

    private static async Task<long> CountUnsealedAsync(NpgsqlConnection connection, long position, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select count(*) from events.mt_events where seq_id > $1", connection);
        command.Parameters.AddWithValue(position);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
