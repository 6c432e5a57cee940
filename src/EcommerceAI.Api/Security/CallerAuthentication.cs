using System.Security.Claims;
using System.Text.Encodings.Web;
using EcommerceAI.Api.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace EcommerceAI.Api.Security;

/// <summary>Finds out who asks: by <c>Authorization: Bearer</c> or by <c>X-Api-Key</c>.</summary>
internal sealed class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Tokens tokens, ApiKeys keys,
    IProblemDetailsService problems)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "Caller";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var authorization = Request.Headers.Authorization;
        var key = Request.Headers[ApiKeys.Header];
        if (authorization.Count == 0 && key.Count == 0) return AuthenticateResult.NoResult();
        if (authorization.Count + key.Count > 1) return Fail("Send one token or one API key, not several.");
        if (key is [{ } apiKey]) return Answer(keys.Find(apiKey), "The API key is not known here.");
        return authorization is [{ } value] && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? Answer(await tokens.ReadAsync(value[Bearer.Length..].Trim()), "The bearer token is not one of this installation, was changed, or has expired.")
            : Fail("Authorization must be 'Bearer' and a token.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        var failure = Context.Features.Get<FailedSignIn>();
        return WriteAsync(StatusCodes.Status401Unauthorized, "unauthenticated", failure?.Message ?? "Sign in first: this needs a bearer token or an API key.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        WriteAsync(StatusCodes.Status403Forbidden, "forbidden", $"As {Caller.Word(Caller.Of(Context).Role)} you may not do this, or not to what is somebody else's.");

    private async Task WriteAsync(int status, string code, string detail)
    {
        Response.StatusCode = status;
        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = Context, ProblemDetails = Problems.Describe(status, code, detail) });
    }

    private AuthenticateResult Answer(ClaimsIdentity? identity, string refusal) => identity is null
        ? Fail(refusal)
        : AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));

    private AuthenticateResult Fail(string message)
    {
        Context.Features.Set(new FailedSignIn(message));
        return AuthenticateResult.Fail(message);
    }
}

/// <summary>
/// A token or key was shown that is not good: an error to be told, not a visitor to be let in. The framework forgets it once it has taken
/// the request for a visitor's.
/// </summary>
/// <param name="Message">Why, in one sentence.</param>
internal sealed record FailedSignIn(string Message);
