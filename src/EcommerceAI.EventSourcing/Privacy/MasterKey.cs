using System.Security.Cryptography;
using System.Text;

namespace EcommerceAI.EventSourcing.Privacy;

/// <summary>
/// Wraps the keys of data subjects, so that neither the database nor its backups give them away. It is kept outside of the database,
/// and whoever loses it loses every personal field.
/// </summary>
public sealed class MasterKey
{
    /// <summary>The setting that holds it.</summary>
    public const string Setting = "ECOMMERCEAI_MASTER_KEY";

    private const int Size = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key;

    private MasterKey(byte[] key)
    {
        _key = key;
        Name = Convert.ToHexStringLower(HMACSHA256.HashData(key, "EcommerceAI master key name"u8).AsSpan(0, 8));
    }

    /// <summary>Tells one master key from another and nothing about it: 16 hexadecimal digits.</summary>
    public string Name { get; }

    /// <summary>Reads the setting.</summary>
    /// <param name="text">32 bytes in base64; null or empty where keys are to be stored as they are.</param>
    /// <exception cref="MasterKeyException">The text is something else.</exception>
    public static MasterKey? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var key = new byte[Size];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == Size
            ? new MasterKey(key)
            : throw new MasterKeyException($"{Setting} must be 32 bytes in base64, as `openssl rand -base64 32` prints them.");
    }

    /// <summary>Wraps a subject's key: nonce, ciphertext, tag.</summary>
    internal byte[] Wrap(byte[] key, string id)
    {
        var wrapped = new byte[NonceSize + key.Length + TagSize];
        var nonce = wrapped.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(nonce, key, wrapped.AsSpan(NonceSize, key.Length), wrapped.AsSpan(NonceSize + key.Length), Encoding.UTF8.GetBytes(id));
        return wrapped;
    }

    /// <summary>Unwraps a subject's key.</summary>
    /// <exception cref="MasterKeyException">The stored bytes were changed or belong to another subject.</exception>
    internal byte[] Unwrap(byte[] wrapped, string id)
    {
        var key = new byte[Math.Max(0, wrapped.Length - NonceSize - TagSize)];
        try
        {
            using var aes = new AesGcm(_key, TagSize);
            aes.Decrypt(
                wrapped.AsSpan(0, NonceSize), wrapped.AsSpan(NonceSize, key.Length), wrapped.AsSpan(NonceSize + key.Length), key, Encoding.UTF8.GetBytes(id));
            return key;
        }
        catch (Exception broken) when (broken is CryptographicException or ArgumentException)
        {
            throw new MasterKeyException($"The stored key of '{id}' was changed, or is that of another subject.");
        }
    }

    /// <summary>Why keys that were wrapped under <paramref name="needed"/> cannot be unwrapped with <paramref name="configured"/>.</summary>
    internal static MasterKeyException Missing(string needed, MasterKey? configured) => new(
        configured is null
            ? $"Keys of data subjects are wrapped under the master key {needed}, and {Setting} is not set."
            : $"Keys of data subjects are wrapped under the master key {needed}, and {Setting} holds another one, {configured.Name}.");
}

/// <summary>The master key is missing or is not the right one; the message says which is needed.</summary>
public sealed class MasterKeyException(string message) : Exception(message);
