using System.Security.Cryptography;
using System.Text;
using EcommerceAI.Api.Hosting;
using EcommerceAI.Api.Security;
using Microsoft.Extensions.Configuration;

namespace EcommerceAI.Api.Tests;

public sealed class ApiKeyTests
{
    private static readonly string Hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("secret-1")));

    [Fact]
    public void A_configured_key_speaks_for_its_role_and_shops()
    {
        var caller = Caller.Of(new System.Security.Claims.ClaimsPrincipal(Keys(Hash, "associate").Find("secret-1")!));
        (caller.Subject, caller.Role).ShouldBe(("key:till", Roles.Associate));
        caller.Shops.ShouldBe(["london"]);
    }

    [Fact]
    public void Another_key_is_nobodys() => Keys(Hash, "associate").Find("secret-2").ShouldBeNull();

    [Theory]
    [InlineData("abc", "operator", "Sha256")]
    [InlineData(null, "king", "Role")]
    [InlineData(null, "anonymous", "Role")]
    [InlineData(null, "Shopper, Operator", "Role")]
    public void A_malformed_entry_stops_the_start_and_is_named(string? hash, string role, string named) =>
        Should.Throw<StartFailedException>(() => Keys(hash ?? Hash, role)).Message.ShouldStartWith($"Security:ApiKeys:0:{named}");

    [Theory]
    [InlineData("no base64!")]
    [InlineData("c2hvcnQ=")]
    public void A_weak_signing_key_stops_the_start(string key) =>
        Should.Throw<StartFailedException>(() => Tokens.From(key)).Message.ShouldContain(Tokens.KeySetting);

    [Fact]
    public async Task A_token_is_good_until_it_ends_and_only_with_its_own_key()
    {
        var (ours, others) = (Tokens.From(null), Tokens.From(null));
        var caller = new Caller("kari", Roles.Shopper, "kari", []);
        var now = DateTimeOffset.UtcNow;
        (await ours.ReadAsync(ours.Issue(caller, now, TimeSpan.FromMinutes(1)))).ShouldNotBeNull();
        (await ours.ReadAsync(ours.Issue(caller, now.AddHours(-2), TimeSpan.FromHours(1)))).ShouldBeNull();
        (await ours.ReadAsync(others.Issue(caller, now, TimeSpan.FromMinutes(1)))).ShouldBeNull();
    }

    private static ApiKeys Keys(string hash, string role) => new(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Security:ApiKeys:0:Name"] = "till",
        ["Security:ApiKeys:0:Sha256"] = hash,
        ["Security:ApiKeys:0:Role"] = role,
        ["Security:ApiKeys:0:Shops:0"] = "london",
    }).Build());
}
