using System.Security.Claims;
using System.Security.Cryptography;
using EcommerceAI.Api.Hosting;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EcommerceAI.Api.Security;

/// <summary>
/// Issues and checks bearer tokens: JSON Web Tokens (RFC 7519) signed with HMAC-SHA256. All nodes of one installation are configured with
/// one key; where none is configured the process makes one that dies with it, for a machine of one's own.
/// </summary>
public sealed class Tokens : IDisposable
{
    /// <summary>The setting with the key: base64 of at least 32 random bytes.</summary>
    public const string KeySetting = "Security:SigningKey";

    private const string Issuer = "EcommerceAI";
    private const int LeastBytes = 32;
    private const int MostKnown = 10_000;

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    // A client sends the same token with each request; a good one is good until it expires, so its signature is checked once.
    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = MostKnown });
    private readonly SymmetricSecurityKey _key;
    private readonly TokenValidationParameters _rules;

    private Tokens(byte[] key, bool isForThisProcess)
    {
        IsForThisProcess = isForThisProcess;
        _key = new SymmetricSecurityKey(key);
        _rules = new TokenValidationParameters
        {
            IssuerSigningKey = _key,
            ValidIssuer = Issuer,
            ValidAudience = Issuer,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ClockSkew = TimeSpan.FromSeconds(30),
            NameClaimType = Caller.SubjectClaim,
            RoleClaimType = Caller.RoleClaim,
        };
    }

    /// <summary>Whether the key was made by this process, so that tokens die with it and may be shown to who started it.</summary>
    public bool IsForThisProcess { get; }

    /// <summary>Takes the configured key, or makes one.</summary>
    /// <param name="configured">The setting's value, or null.</param>
    /// <exception cref="StartFailedException">It is not base64, or too short.</exception>
    public static Tokens From(string? configured)
    {
        if (string.IsNullOrEmpty(configured)) return new Tokens(RandomNumberGenerator.GetBytes(LeastBytes), isForThisProcess: true);
        var key = new byte[configured.Length];
        if (!Convert.TryFromBase64String(configured, key, out var length) || length < LeastBytes)
            throw new StartFailedException($"{KeySetting} must be base64 of at least {LeastBytes} random bytes (openssl rand -base64 {LeastBytes}).");
        return new Tokens(key[..length], isForThisProcess: false);
    }

    /// <summary>A token.</summary>
    /// <param name="caller">Who holds it.</param>
    /// <param name="from">From when it is good.</param>
    /// <param name="lifetime">For how long.</param>
    public string Issue(Caller caller, DateTimeOffset from, TimeSpan lifetime) => _handler.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = Issuer,
        IssuedAt = from.UtcDateTime,
        NotBefore = from.UtcDateTime,
        Expires = (from + lifetime).UtcDateTime,
        Subject = new ClaimsIdentity(caller.ToClaims()),
        SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
    });

    /// <summary>Who holds a token, or null where it is not one of ours, was changed, or is not good any more.</summary>
    /// <param name="token">The token.</param>
    public async Task<ClaimsIdentity?> ReadAsync(string token)
    {
        if (_known.TryGetValue(token, out ClaimsIdentity? known)) return known;
        var result = await _handler.ValidateTokenAsync(token, _rules);
        if (!result.IsValid
            || result.ClaimsIdentity.FindFirst(Caller.SubjectClaim) is null
            || !Caller.TryReadRole(result.ClaimsIdentity.FindFirst(Caller.RoleClaim)?.Value, out _)) return null;
        var good = result.SecurityToken.ValidTo + _rules.ClockSkew - DateTime.UtcNow;
        if (good <= TimeSpan.Zero) return result.ClaimsIdentity;
        using var entry = _known.CreateEntry(token);
        entry.Value = result.ClaimsIdentity;
        entry.Size = 1;
        entry.AbsoluteExpirationRelativeToNow = good;
        return result.ClaimsIdentity;
    }

    /// <inheritdoc/>
    public void Dispose() => _known.Dispose();
}
