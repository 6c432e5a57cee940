using System.Text.Json.Serialization;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>What is wrong.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChainFault>))]
public enum ChainFault
{
    /// <summary>An event is not what it was when it was sealed.</summary>
    Changed,

    /// <summary>A sealed event is not in the log any more.</summary>
    Removed,

    /// <summary>An event stands below the head that was not there when it was sealed.</summary>
    Inserted,

    /// <summary>The tables of the tree itself were changed.</summary>
    Tree,

    /// <summary>A head in the database was not signed by a trusted key, or was changed since.</summary>
    Head,

    /// <summary>A head outside the database and the database contradict each other: it was put back, replaced or rewritten.</summary>
    Published,

    /// <summary>A redaction was not signed by a trusted key, or does not fit its event.</summary>
    Redaction,
}

/// <summary>One finding.</summary>
/// <param name="Fault">What is wrong.</param>
/// <param name="Position">The event's position, where it is one event.</param>
/// <param name="StreamId">Its stream, where that is known.</param>
/// <param name="Detail">One sentence.</param>
public sealed record ChainFinding(ChainFault Fault, long? Position, string? StreamId, string Detail);

/// <summary>What a verification of the chain found.</summary>
/// <param name="Head">The largest head that was checked against, or null when nothing was ever sealed.</param>
/// <param name="Heads">How many signed heads the log was compared with.</param>
/// <param name="Events">How many events it was read through.</param>
/// <param name="Redacted">How many of them stand in a redacted form.</param>
/// <param name="Unsealed">How many events stand above the head, of which the chain says nothing yet.</param>
/// <param name="FindingCount">How many findings there are.</param>
/// <param name="Findings">The first thousand of them.</param>
public sealed record ChainVerificationResult(
    ChainHead? Head, int Heads, long Events, long Redacted, long Unsealed, long FindingCount, IReadOnlyList<ChainFinding> Findings)
{
    /// <summary>Whether the log is what was sealed. A log that nobody has sealed is not; an empty one is.</summary>
    public bool IsIntact => FindingCount == 0 && (Head is not null || Unsealed == 0);
}

/// <summary>Collects findings; the first thousand of a kind are kept, all are counted.</summary>
internal sealed class ChainFindings
{
    public const int Kept = 1000;

    private readonly List<ChainFinding> _findings = [];

    public long Count { get; private set; }

    public IReadOnlyList<ChainFinding> All => _findings;

    public void Add(ChainFault fault, string detail, long? position = null, string? stream = null)
    {
        Count++;
        if (_findings.Count < Kept) _findings.Add(new ChainFinding(fault, position, stream, detail));
    }
}
