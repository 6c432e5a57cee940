using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EcommerceAI.EventSourcing.Privacy;

/// <summary>
/// A personal text as it stands in the log: <c>sealed:1:KEY:BASE64URL</c>, an ordinary JSON string to whoever has no key. The bytes are
/// a random nonce of 96 bits, AES-256-GCM's ciphertext and its tag of 128 bits (NIST SP 800-38D). Event name, path and key id are
/// associated data, so that a ciphertext opens only where it was put. Its length tells the length of the text.
/// </summary>
internal static class SealedText
{
    /// <summary>How every text of this form begins; another form gets another number.</summary>
    public const string Prefix = "sealed:1:";

    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>Whether any string in the JSON begins as a sealed one does.</summary>
    public static bool Occurs(ReadOnlySpan<byte> json) => json.IndexOf("\"sealed:1:"u8) >= 0;

    /// <summary>Adds the key ids of every sealed text in the JSON.</summary>
    public static void CollectKeys(ReadOnlySpan<byte> json, ISet<string> keys)
    {
        for (var at = json.IndexOf("\"sealed:1:"u8); at >= 0; at = json.IndexOf("\"sealed:1:"u8))
        {
            json = json[(at + 1)..];
            var end = json.IndexOf((byte)'"');
            if (end < 0) return;
            if (TryRead(Encoding.UTF8.GetString(json[..end]), out var key, out _)) keys.Add(key);
            json = json[end..];
        }
    }

    /// <summary>Seals a text.</summary>
    public static string Seal(string text, byte[] key, string keyId, string eventName, string path)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var bytes = new byte[NonceSize + plain.Length + TagSize];
        var (nonce, cipher, tag) = Parts(bytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, cipher, tag, Binding(keyId, eventName, path));
        return $"{Prefix}{keyId}:{Base64Url.EncodeToString(bytes)}";
    }

    /// <summary>Opens a sealed text.</summary>
    /// <exception cref="SealBrokenException">It was changed, or taken from another place.</exception>
    public static string Open(byte[] sealedBytes, byte[] key, string keyId, string eventName, string path)
    {
        var (nonce, cipher, tag) = Parts(sealedBytes);
        var plain = new byte[cipher.Length];
        using var aes = new AesGcm(key, TagSize);
        try
        {
            aes.Decrypt(nonce, cipher, tag, plain, Binding(keyId, eventName, path));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new SealBrokenException(path, keyId);
        }

        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>Takes a text apart; false for one that is not sealed, as those written before sealing began.</summary>
    public static bool TryRead(string text, out string keyId, out byte[] sealedBytes)
    {
        (keyId, sealedBytes) = ("", []);
        var colon = text.LastIndexOf(':');
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || colon <= Prefix.Length) return false;
        var encoded = text.AsSpan(colon + 1);
        if (!Base64Url.IsValid(encoded, out var length) || length < NonceSize + TagSize) return false;
        (keyId, sealedBytes) = (text[Prefix.Length..colon], Base64Url.DecodeFromChars(encoded));
        return true;
    }

    private static Segments Parts(byte[] bytes) => new(bytes);

    private static byte[] Binding(string keyId, string eventName, string path) => Encoding.UTF8.GetBytes($"{eventName}\n{path}\n{keyId}");

    private readonly ref struct Segments(byte[] bytes)
    {
        public void Deconstruct(out Span<byte> nonce, out Span<byte> cipher, out Span<byte> tag)
        {
            nonce = bytes.AsSpan(0, NonceSize);
            cipher = bytes.AsSpan(NonceSize, bytes.Length - NonceSize - TagSize);
            tag = bytes.AsSpan(bytes.Length - TagSize);
        }
    }
}

/// <summary>A sealed text was changed, or put where it was not sealed for.</summary>
public sealed class SealBrokenException(string path, string keyId)
    : System.Text.Json.JsonException($"'{path}', sealed under the key of '{keyId}', was changed or comes from another place.");
