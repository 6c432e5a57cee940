using System.Security.Cryptography;
using System.Text;

namespace EcommerceAI.Search.Qdrant;

/// <summary>A document's id as the UUID that Qdrant asks for: always the same for the same id (RFC 9562, version 8, of a SHA-256).</summary>
internal static class PointIds
{
    public static Guid Of(string id)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
