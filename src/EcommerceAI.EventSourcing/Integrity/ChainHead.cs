using System.Globalization;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>A signed statement: these are the events of this log, in this order, up to this position.</summary>
/// <param name="Origin">The log's own id, made with its first head.</param>
/// <param name="Size">How many events.</param>
/// <param name="Root">The root over their leaves, in lower-case hexadecimal.</param>
/// <param name="Position">The position of the last of them.</param>
/// <param name="Sealed">When the head was made, by the database's clock, to the microsecond.</param>
/// <param name="Key">The id of the key that signed it.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over <see cref="SignedText"/>, IEEE P1363, in Base64.</param>
public sealed record ChainHead(Guid Origin, long Size, string Root, long Position, DateTimeOffset Sealed, string Key, string Signature)
{
    /// <summary>What the signature speaks for.</summary>
    public string SignedText() => string.Create(
        CultureInfo.InvariantCulture, $"EcommerceAI chain head 1\n{Origin}\n{Size}\n{Root}\n{Position}\n{MomentText(Sealed)}\n");

    /// <summary>A moment as it is signed and shown: UTC, to the microsecond.</summary>
    /// <param name="moment">The moment.</param>
    public static string MomentText(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>What was asked of the chain cannot be done, or must not be; the message says why and what to do.</summary>
public sealed class ChainException(string message, Exception? inner = null) : Exception(message, inner);
