using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using EcommerceAI.Api.Hosting;

namespace EcommerceAI.Api.Security;

/// <summary>
/// Keys of programs, from the configuration under <c>Security:ApiKeys</c>: each with its <c>Name</c>, the <c>Sha256</c> of the key in
/// hexadecimal (so that no configuration file holds a key), its <c>Role</c> and, for an associate's device, its <c>Shops</c>.
/// </summary>
public sealed class ApiKeys
{
    /// <summary>Where the keys are configured.</summary>
    public const string Section = "Security:ApiKeys";

    /// <summary>The request header that carries a key.</summary>
    public const string Header = "X-Api-Key";

    private readonly Dictionary<string, Caller> _callers = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="configuration">The configuration.</param>
    /// <exception cref="StartFailedException">An entry is incomplete or malformed; the message names it.</exception>
    public ApiKeys(IConfiguration configuration)
    {
        foreach (var entry in configuration.GetSection(Section).GetChildren())
        {
            var (name, hash) = (entry["Name"], entry["Sha256"]);
            if (string.IsNullOrWhiteSpace(name)) throw new StartFailedException($"{entry.Path}:Name is missing.");
            if (hash is not { Length: 64 } || !hash.All(char.IsAsciiHexDigit))
                throw new StartFailedException($"{entry.Path}:Sha256 must be the SHA-256 of the key in 64 hexadecimal digits.");
            if (!Caller.TryReadRole(entry["Role"], out var role))
                throw new StartFailedException($"{entry.Path}:Role must be shopper, associate, operator or agent, not '{entry["Role"]}'.");
            var shops = entry.GetSection("Shops").GetChildren().Select(shop => shop.Value!).ToArray();
            if (!_callers.TryAdd(hash, new Caller($"key:{name}", role, entry["Customer"], shops)))
                throw new StartFailedException($"{entry.Path}:Sha256 stands there twice.");
        }
    }

    /// <summary>Whose key it is, or null. The look-up goes by the key's hash, so its time tells nothing of a key.</summary>
    /// <param name="key">The key.</param>
    public ClaimsIdentity? Find(string key) =>
        _callers.GetValueOrDefault(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))) is { } caller
            ? new ClaimsIdentity(caller.ToClaims(), "key", Caller.SubjectClaim, Caller.RoleClaim)
            : null;
}
