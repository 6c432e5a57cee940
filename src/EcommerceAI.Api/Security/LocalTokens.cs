namespace EcommerceAI.Api.Security;

/// <summary>
/// A token of each role for whoever started the server on their own machine. There are none where a signing key is configured: who holds
/// that key issues the tokens.
/// </summary>
internal sealed class LocalTokens(Tokens tokens, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Shell assignments, one a role, or nothing.</summary>
    public string Describe()
    {
        if (!tokens.IsForThisProcess) return "";
        var lines = new[] { Roles.Operator, Roles.Associate, Roles.Shopper, Roles.Agent }.Select(role => $"  {role.ToString().ToUpperInvariant()}={Issue(role)}");
        return $"\nTokens for local use, good for 12 hours or until the server stops (send one as Authorization: Bearer):\n{string.Join('\n', lines)}";
    }

    private string Issue(Roles role)
    {
        var customer = role is Roles.Shopper or Roles.Agent ? Guid.CreateVersion7().ToString() : null;
        return tokens.Issue(new Caller(customer ?? $"local-{Caller.Word(role)}", role, customer, []), time.GetUtcNow(), Lifetime);
    }
}
