using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace EcommerceAI.Api.Security;

/// <summary>Puts sign-in, access rules and limits into the host.</summary>
internal static class SecurityServices
{
    public static void AddSecurity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(Tokens.From(configuration[Tokens.KeySetting]));
        services.AddSingleton(new ApiKeys(configuration));
        services.AddSingleton<LocalTokens>();
        services.AddAuthentication(CallerAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, CallerAuthentication>(CallerAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicy([new UnstatedAccess()], []));
        services.AddSingleton<IAuthorizationHandler, AccessCheck>();
        services.AddSingleton<IAuthorizationHandler, UnstatedAccessCheck>();
        services.AddRequestLimits(configuration);
    }

    /// <summary>After the error handling, before the endpoints.</summary>
    public static void UseSecurity(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
    }
}
