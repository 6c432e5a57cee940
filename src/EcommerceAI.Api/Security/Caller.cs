using System.Security.Claims;
using EcommerceAI.Api.Http;
using EcommerceAI.Commerce;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Api.Security;

/// <summary>Who asks: what a token or an API key says of its holder.</summary>
/// <param name="Subject">Opaque id of the holder; scopes idempotency keys and stands with every event they cause.</param>
/// <param name="Role">One role.</param>
/// <param name="CustomerId">The customer that a shopper is or an agent acts for, or null.</param>
/// <param name="Shops">The shops of an associate.</param>
public sealed record Caller(string Subject, Roles Role, string? CustomerId, IReadOnlyList<string> Shops)
{
    internal const string SubjectClaim = "sub";
    internal const string RoleClaim = "role";
    internal const string CustomerClaim = "customer";
    internal const string ShopClaim = "shop";

    /// <summary>This system itself, as a principal: its timers and subscriptions.</summary>
    public const string System = "system";

    /// <summary>A visitor.</summary>
    public static Caller Visitor { get; } = new("anonymous", Roles.Anonymous, null, []);

    /// <summary>Who sent a request.</summary>
    /// <param name="context">The request.</param>
    public static Caller Of(HttpContext context) => Of(context.User);

    /// <summary>Whether they may act in the name of a customer; null stands for a guest.</summary>
    /// <param name="customerId">The customer's id, or null.</param>
    public bool MayActFor(string? customerId) =>
        customerId is null || (Role & Roles.Staff) != Roles.None || string.Equals(CustomerId, customerId, StringComparison.Ordinal);

    /// <summary>What stands against a command in a customer's name; empty where they may.</summary>
    /// <param name="customerId">The customer's id, or null.</param>
    /// <param name="field">The field that names the customer.</param>
    internal IReadOnlyList<Rejection> RefuseActingFor(string? customerId, string field) => MayActFor(customerId)
        ? []
        : [new Rejection("not_your_customer", $"As {Word(Role)} you may not act in the name of customer {customerId}.", field, RejectionKind.Invalid)];

    /// <summary>What stands with each event that they cause: the trail of who did what.</summary>
    /// <param name="context">The request.</param>
    internal EventMetadata Describe(HttpContext context) => new(
        CorrelationId: Correlation.IdOf(context),
        Headers: Role == Roles.Anonymous
            ? null
            : new Dictionary<string, string>(StringComparer.Ordinal) { ["principal"] = Subject, ["role"] = Word(Role) });

    internal static Caller Of(ClaimsPrincipal principal) =>
        principal.Identity is ClaimsIdentity { IsAuthenticated: true } identity && identity.FindFirst(SubjectClaim) is { Value: var subject }
            ? new Caller(
                subject,
                Enum.Parse<Roles>(identity.FindFirst(RoleClaim)!.Value, ignoreCase: true),
                identity.FindFirst(CustomerClaim)?.Value,
                [.. identity.FindAll(ShopClaim).Select(claim => claim.Value)])
            : Visitor;

    internal IEnumerable<Claim> ToClaims()
    {
        yield return new Claim(SubjectClaim, Subject);
        yield return new Claim(RoleClaim, Word(Role));
        if (CustomerId is not null) yield return new Claim(CustomerClaim, CustomerId);
        foreach (var shop in Shops) yield return new Claim(ShopClaim, shop);
    }

    /// <summary>A role as a token has it.</summary>
    internal static string Word(Roles role) => role.ToString().ToLowerInvariant();

    /// <summary>Reads one role that a token or key can have.</summary>
    internal static bool TryReadRole(string? word, out Roles role) =>
        Enum.TryParse(word, ignoreCase: true, out role) && role is Roles.Shopper or Roles.Associate or Roles.Operator or Roles.Agent
        && string.Equals(Word(role), word, StringComparison.OrdinalIgnoreCase);
}
