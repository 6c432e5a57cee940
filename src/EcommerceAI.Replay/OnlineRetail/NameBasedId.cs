using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>
/// Ids that follow from content: UUID version 5 (RFC 9562, section 5.5) over a stream's key and the event's version in it. The same
/// file gives the same ids on every machine and in every run, interrupted or not.
/// </summary>
public static class NameBasedId
{
    /// <summary>The namespace of this import's ids; drawn once, never to change.</summary>
    private static readonly Guid Namespace = new("6f5d2f0a-6e0b-5c1d-9a53-0d2f9b1f7c11");

    /// <summary>The id of the event at <paramref name="version"/> of <paramref name="streamId"/>.</summary>
    /// <param name="streamId">Stream key.</param>
    /// <param name="version">Version of the event in its stream, from 1.</param>
    public static Guid ForEvent(string streamId, long version) => Create(Namespace, $"{streamId}/{version}");

    /// <summary>UUID version 5 of a name in a namespace.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="name">The name; hashed as UTF-8.</param>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 9562 defines version 5 over SHA-1; nothing is protected by it.")]
    [SuppressMessage("Security", "S4790", Justification = "RFC 9562 defines version 5 over SHA-1; nothing is protected by it.")]
    public static Guid Create(Guid space, string name)
    {
        var length = 16 + Encoding.UTF8.GetByteCount(name);
        Span<byte> input = length <= 256 ? stackalloc byte[length] : new byte[length];
        space.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input[16..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(input, hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
