using System.Security.Cryptography;
using System.Text;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>
/// The key that signs heads, in a folder outside the database: <c>key.pem</c>, which only its owner can read, made at first use. Beside it
/// lies the public half of every key that was ever used, <c>ID.pub.pem</c>; those, and no others, are trusted when heads are checked.
/// Taking a public file from one machine to another lets it check what the first has signed.
/// </summary>
/// <param name="folder">The folder; made when missing.</param>
public sealed class ChainKeys(string folder)
{
    private const string PublicSuffix = ".pub.pem";
    private readonly Dictionary<string, ECDsa?> _trusted = new(StringComparer.Ordinal);

    private string PrivateFile => Path.Combine(folder, "key.pem");

    /// <summary>Signs a text with the current key, which is made when there is none.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The key's id, and the signature in Base64.</returns>
    /// <exception cref="ChainException">The key's file cannot be read as a key.</exception>
    public (string Key, string Signature) Sign(Func<string, string> text)
    {
        using var key = LoadOrCreate();
        var id = IdOf(key);
        return (id, Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(text(id)), HashAlgorithmName.SHA256)));
    }

    /// <summary>Whether a signature is right; null when its key is not among the trusted ones.</summary>
    /// <param name="key">The key's id.</param>
    /// <param name="text">What was signed.</param>
    /// <param name="signature">The signature in Base64.</param>
    public bool? Verify(string key, string text, string signature)
    {
        if (Trusted(key) is not { } known) return null;
        var bytes = new byte[signature.Length];
        return Convert.TryFromBase64String(signature, bytes, out var length)
            && known.VerifyData(Encoding.UTF8.GetBytes(text), bytes.AsSpan(0, length), HashAlgorithmName.SHA256);
    }

    /// <summary>Puts the current key aside; the next signature makes a new one. What the old one signed stays good.</summary>
    public void Rotate()
    {
        LoadOrCreate().Dispose();
        File.Delete(PrivateFile);
    }

    private ECDsa? Trusted(string id)
    {
        if (_trusted.TryGetValue(id, out var known)) return known;
        var file = Path.Combine(folder, id + PublicSuffix);
        var isPlainId = id.Length > 0 && id.All(char.IsAsciiHexDigitLower);
        return _trusted[id] = isPlainId && File.Exists(file) && Load(file) is { } key && IdOf(key) == id ? key : null;
    }

    private ECDsa LoadOrCreate()
    {
        if (!File.Exists(PrivateFile)) Create();
        var key = Load(PrivateFile);
        var publicFile = Path.Combine(folder, IdOf(key) + PublicSuffix);
        if (!File.Exists(publicFile)) File.WriteAllText(publicFile, key.ExportSubjectPublicKeyInfoPem() + "\n");
        return key;
    }

    /// <summary>Written beside and renamed, so that another process never reads half a key; who comes second takes the first one's.</summary>
    private void Create()
    {
        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var draft = Path.Combine(folder, $"{Guid.NewGuid():N}.new");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, PrivateFile, overwrite: false);
        }
        catch (IOException) when (File.Exists(PrivateFile))
        {
            File.Delete(draft);
        }
    }

    private static ECDsa Load(string file)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            return key;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new ChainException($"{file} holds no key: {unreadable.Message}", unreadable);
        }
    }

    private static string IdOf(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 8));
}
