namespace EcommerceAI.Api.Http;

/// <summary>Who asks. The one place that knows.</summary>
public static class Principal
{
    /// <summary>Everybody, as long as nobody signs in.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>This system itself: its timers and subscriptions.</summary>
    public const string System = "system";

    /// <summary>The opaque id that scopes idempotency keys.</summary>
    /// <param name="context">The request.</param>
    public static string Of(HttpContext context) => context.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : Anonymous;
}
