using System.Globalization;
using Npgsql;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>A signed change of a sealed event.</summary>
/// <param name="Position">The event's position.</param>
/// <param name="Number">1 for its first redaction, 2 for its second, …</param>
/// <param name="OldHash">Its leaf before, in lower-case hexadecimal.</param>
/// <param name="NewHash">Its leaf afterwards.</param>
/// <param name="Reason">Why; nothing personal belongs in it.</param>
/// <param name="Redacted">When, by the database's clock.</param>
/// <param name="Key">The id of the key that signed it.</param>
/// <param name="Signature">As of a head.</param>
public sealed record ChainRedaction(
    long Position, int Number, string OldHash, string NewHash, string Reason, DateTimeOffset Redacted, string Key, string Signature)
{
    /// <summary>What the signature speaks for.</summary>
    /// <param name="origin">The log's own id.</param>
    public string SignedText(Guid origin) => string.Create(
        CultureInfo.InvariantCulture,
        $"EcommerceAI chain redaction 1\n{origin}\n{Position}\n{Number}\n{OldHash}\n{NewHash}\n{ChainHead.MomentText(Redacted)}\n{Reason}\n");
}

/// <summary>Changes sealed events so that the chain knows of it: the leaf stays in the tree, and the new form is accepted in its place.</summary>
/// <param name="keys">Sign the redactions.</param>
public sealed class ChainRedactions(ChainKeys keys)
{
    private const string Columns = "position, number, old_hash, new_hash, reason, redacted, key, signature";

    /// <summary>Makes a change to one event and signs it, in the caller's transaction.</summary>
    /// <param name="connection">A connection with a transaction begun, at read committed.</param>
    /// <param name="position">The event's position.</param>
    /// <param name="reason">Why it is changed; nothing personal.</param>
    /// <param name="change">Changes the event on the same connection; no other event.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The redaction, or null where nothing has to be signed: the event is not sealed yet, or was not changed.</returns>
    /// <exception cref="ChainException">
    /// The event is not what was sealed, so that signing would cover up a change behind the store's back; or it is not there; or the chain
    /// is signed by a key that is not trusted here, so that where it is checked this one's would not be either.
    /// </exception>
    public async Task<ChainRedaction?> RecordRedactionAsync(
        NpgsqlConnection connection, long position, string reason, Func<CancellationToken, Task> change, CancellationToken cancellation = default)
    {
        var tables = new ChainTables(connection);
        // Sealing waits until this is committed, so that it sees the event as it was or as it will be, with the redaction.
        await tables.LockAsync(cancellation);
        var leaves = await EventLeaves.OverAsync(connection, cancellation);
        var sealedLeaf = await EventChain.FindLeafAsync(connection, position, cancellation);
        var earlier = (await ListAsync(connection, position, cancellation)).LastOrDefault();
        var before = await HashAsync(leaves, position, cancellation);
        if (sealedLeaf is not null) await RequireTrustedHereAsync(tables, cancellation);
        if (sealedLeaf is { } leaf && before != Convert.ToHexStringLower(leaf.Hash) && before != earlier?.NewHash)
            throw new ChainException($"The event at position {position} is not the one that was sealed: run `verify --chain` before it is changed.");

        await change(cancellation);
        var after = await HashAsync(leaves, position, cancellation);
        if (sealedLeaf is null || after == before) return null;
        var origin = await tables.EnsureOriginAsync(cancellation);
        var unsigned = new ChainRedaction(
            position, (earlier?.Number ?? 0) + 1, before, after, reason, await tables.ReadClockAsync(cancellation), "", "");
        var (key, signature) = keys.Sign(_ => unsigned.SignedText(origin));
        var redaction = unsigned with { Key = key, Signature = signature };
        await WriteAsync(connection, redaction, cancellation);
        return redaction;
    }

    private async Task RequireTrustedHereAsync(ChainTables tables, CancellationToken cancellation)
    {
        if (await tables.FindLastHeadAsync(cancellation) is { } head && keys.Verify(head.Key, head.SignedText(), head.Signature) is null)
            throw new ChainException(
                $"The log is sealed by the key {head.Key}, which is not among those trusted here: change sealed events where the chain's folder lies.");
    }

    /// <summary>All redactions, or those of one event, in order.</summary>
    internal static async Task<List<ChainRedaction>> ListAsync(NpgsqlConnection connection, long? position, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select {Columns} from bookkeeping.chain_redactions where $1 is null or position = $1 order by position, number", connection);
        command.Parameters.Add(new NpgsqlParameter<long?> { TypedValue = position });
        var redactions = new List<ChainRedaction>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            redactions.Add(new ChainRedaction(
                reader.GetInt64(0), reader.GetInt32(1), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(2)), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(3)),
                reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetString(6), reader.GetString(7)));
        return redactions;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, ChainRedaction redaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"insert into bookkeeping.chain_redactions ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8)", connection);
        object[] values =
        [
            redaction.Position, redaction.Number, Convert.FromHexString(redaction.OldHash), Convert.FromHexString(redaction.NewHash),
            redaction.Reason, redaction.Redacted.UtcDateTime, redaction.Key, redaction.Signature,
        ];
        foreach (var value in values) command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<string> HashAsync(EventLeaves leaves, long position, CancellationToken cancellation)
    {
        var page = await leaves.ReadAsync(position - 1, position, 1, cancellation);
        return page.Positions.Count == 1
            ? Convert.ToHexStringLower(page.HashAt(0).Span)
            : throw new ChainException($"There is no event at position {position}.");
    }
}
