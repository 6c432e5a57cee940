using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace EcommerceAI.Search.Queries;

/// <summary>
/// Writes and reads cursors: the id of a pinned result and an offset in it, signed with a key of this process, so that a changed or
/// made-up cursor is told from one that has expired. URL-safe.
/// </summary>
internal sealed class CursorCodec
{
    private const int OffsetAt = 16;
    private const int SignatureAt = 20;
    private const int SignatureLength = 12;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string Write(Guid pin, int offset)
    {
        Span<byte> bytes = stackalloc byte[SignatureAt + SignatureLength];
        pin.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[OffsetAt..], offset);
        Sign(bytes[..SignatureAt], bytes[SignatureAt..]);
        return Base64Url.EncodeToString(bytes);
    }

    public bool TryRead(string cursor, out Guid pin, out int offset)
    {
        (pin, offset) = (Guid.Empty, 0);
        Span<byte> bytes = stackalloc byte[SignatureAt + SignatureLength];
        if (cursor.Length != Base64Url.GetEncodedLength(bytes.Length)) return false;
        if (!Base64Url.IsValid(cursor, out var length) || length != bytes.Length) return false;
        Base64Url.DecodeFromChars(cursor, bytes);
        Span<byte> signature = stackalloc byte[SignatureLength];
        Sign(bytes[..SignatureAt], signature);
        if (!CryptographicOperations.FixedTimeEquals(signature, bytes[SignatureAt..])) return false;
        pin = new Guid(bytes[..OffsetAt]);
        offset = BinaryPrimitives.ReadInt32LittleEndian(bytes[OffsetAt..]);
        return true;
    }

    private void Sign(ReadOnlySpan<byte> content, Span<byte> signature)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, content, whole);
        whole[..SignatureLength].CopyTo(signature);
    }
}
