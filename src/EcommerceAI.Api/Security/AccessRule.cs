using EcommerceAI.Api.Http;
using Microsoft.AspNetCore.Authorization;

namespace EcommerceAI.Api.Security;

/// <summary>
/// Who may use an endpoint. It stands with the endpoint, where it is mapped; one without a rule is the operator's alone.
/// </summary>
/// <param name="Roles">Who may, whatever it is about.</param>
/// <param name="Owner">
/// The customer that what the path names belongs to; null for what belongs to no customer, which then is everybody's who knows its id.
/// Where it is set, a shopper or agent may use the endpoint on their own.
/// </param>
public sealed record AccessRule(Roles Roles, Func<HttpContext, ValueTask<Ownership>>? Owner = null) : IAuthorizationRequirement, IAuthorizationRequirementData
{
    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [this];
}

/// <summary>The framework's fallback, which it adds to every endpoint: what has no rule of its own is the operator's alone.</summary>
internal sealed record UnstatedAccess : IAuthorizationRequirement;

/// <summary>Whose something is.</summary>
/// <param name="CustomerId">The customer, or null.</param>
/// <param name="IsGuest">It belongs to a guest: whoever knows its id may see and touch it.</param>
public readonly record struct Ownership(string? CustomerId, bool IsGuest = false)
{
    /// <summary>Nobody's, as what does not exist: let through, so that the endpoint says that it is not there.</summary>
    public static Ownership None { get; } = new(null, IsGuest: true);
}

/// <summary>Says who may use an endpoint.</summary>
internal static class AccessRules
{
    public static TBuilder Allow<TBuilder>(this TBuilder endpoint, Roles roles)
        where TBuilder : IEndpointConventionBuilder => endpoint.Allow(new AccessRule(roles));

    /// <summary>The roles, and the shopper or agent whose it is.</summary>
    public static TBuilder AllowOwner<TBuilder>(this TBuilder endpoint, Roles roles, Func<HttpContext, ValueTask<Ownership>> owner)
        where TBuilder : IEndpointConventionBuilder => endpoint.Allow(new AccessRule(roles, owner));

    private static TBuilder Allow<TBuilder>(this TBuilder endpoint, AccessRule rule)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder =>
        {
            builder.Metadata.Add(rule);
            if (rule.Roles != Roles.Everybody) ProblemDocument.Declare(builder, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden);
        });
        return endpoint;
    }
}

/// <summary>Keeps an endpoint without a rule to the operator. A path or method that is none of ours is nobody's secret: routing answers it.</summary>
internal sealed class UnstatedAccessCheck : AuthorizationHandler<UnstatedAccess>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, UnstatedAccess requirement)
    {
        var isUnstated = context.Resource is not HttpContext request
            || (request.GetEndpoint() is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<AccessRule>() is null);
        if (!isUnstated || Caller.Of(context.User).Role == Roles.Operator) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}

/// <summary>Holds an endpoint's rule against who asks.</summary>
internal sealed class AccessCheck : AuthorizationHandler<AccessRule>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, AccessRule requirement)
    {
        if (context.Resource is not HttpContext request) return;
        if (request.Features.Get<FailedSignIn>() is not null) return;
        var caller = Caller.Of(context.User);
        if ((requirement.Roles & caller.Role) != Roles.None || (requirement.Owner is { } owner && Owns(caller, await owner(request)))) context.Succeed(requirement);
    }

    private static bool Owns(Caller caller, Ownership ownership) =>
        ownership.IsGuest
        || (ownership.CustomerId is { } customer && caller.Role is Roles.Shopper or Roles.Agent && customer == caller.CustomerId);
}
