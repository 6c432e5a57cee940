using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EcommerceAI.Api.Payments;

/// <summary>
/// Signs and verifies a provider's notices: <c>t=SECONDS,v1=HEX</c>, where HEX is the HMAC-SHA256 under the shared secret of
/// <c>SECONDS.BODY</c>. The time is under the signature, so an old notice cannot be sent again as a new one.
/// </summary>
/// <param name="secret">The shared secret.</param>
/// <param name="clock">Tells how old a notice is.</param>
internal sealed class NoticeSignature(byte[] secret, TimeProvider clock)
{
    /// <summary>The header that carries it.</summary>
    public const string Header = "Payment-Signature";

    private static readonly TimeSpan MostAge = TimeSpan.FromMinutes(5);

    /// <summary>The header's value for a body that is sent now.</summary>
    /// <param name="body">The body.</param>
    public string Sign(ReadOnlySpan<byte> body)
    {
        var seconds = clock.GetUtcNow().ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"t={seconds},v1={Convert.ToHexStringLower(Hash(seconds, body))}");
    }

    /// <summary>Whether a body was signed with the secret, five minutes ago at most.</summary>
    /// <param name="header">The header's value, or null.</param>
    /// <param name="body">The body.</param>
    public bool Verify(string? header, ReadOnlySpan<byte> body)
    {
        if (header?.Split(',') is not [['t', '=', .. var time], ['v', '1', '=', .. var hex]]
            || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || hex.Length != SHA256.HashSizeInBytes * 2 || !hex.All(char.IsAsciiHexDigit))
            return false;
        var age = clock.GetUtcNow().ToUnixTimeSeconds() - seconds;
        return Math.Abs(age) <= MostAge.TotalSeconds && CryptographicOperations.FixedTimeEquals(Hash(seconds, body), Convert.FromHexString(hex));
    }

    private byte[] Hash(long seconds, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds}.")));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
