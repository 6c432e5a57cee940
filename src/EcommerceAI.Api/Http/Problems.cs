using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace EcommerceAI.Api.Http;

/// <summary>
/// Refusals as problem details (RFC 9457). <c>type</c> is <c>/problems/{code}</c>, a stable reference that programs may compare;
/// <c>code</c> repeats its last part, and <c>errors</c> names each failing field with codes and messages of its own.
/// </summary>
public static class Problems
{
    /// <summary>The member that lists failing fields.</summary>
    public const string Errors = "errors";

    /// <summary>The member that repeats the code of <c>type</c>.</summary>
    public const string Code = "code";

    /// <summary>A problem.</summary>
    /// <param name="status">HTTP status, 400 or more.</param>
    /// <param name="code">Stable code in snake_case.</param>
    /// <param name="detail">One sentence for a person, about this occurrence.</param>
    /// <param name="errors">The failing fields, or null.</param>
    public static ProblemDetails Describe(int status, string code, string detail, FieldErrors? errors = null)
    {
        var problem = new ProblemDetails { Status = status, Type = TypeOf(code), Title = TitleOf(code), Detail = detail };
        problem.Extensions[Code] = code;
        if (errors is { Any: true }) problem.Extensions[Errors] = errors.ByPath;
        return problem;
    }

    /// <summary>The same as a result.</summary>
    /// <param name="status">HTTP status, 400 or more.</param>
    /// <param name="code">Stable code in snake_case.</param>
    /// <param name="detail">One sentence for a person, about this occurrence.</param>
    /// <param name="errors">The failing fields, or null.</param>
    public static ProblemHttpResult Result(int status, string code, string detail, FieldErrors? errors = null) =>
        TypedResults.Problem(Describe(status, code, detail, errors));

    /// <summary>What the path names is not there.</summary>
    /// <param name="code">Stable code, for example <c>unknown_product</c>.</param>
    /// <param name="detail">One sentence that names what is missing.</param>
    public static ProblemHttpResult NotFound(string code, string detail) => Result(StatusCodes.Status404NotFound, code, detail);

    /// <summary>One parameter of the path, the query or a header cannot be read or is out of its range.</summary>
    /// <param name="parameter">Its name.</param>
    /// <param name="code">Stable code of the field's error.</param>
    /// <param name="message">One sentence that says what it must be.</param>
    public static ProblemHttpResult InvalidParameter(string parameter, string code, string message)
    {
        var errors = new FieldErrors();
        errors.Add(parameter, code, message);
        return Result(StatusCodes.Status400BadRequest, "invalid_parameter", message, errors);
    }

    /// <summary>The code of a refusal that the framework made, known only by its status.</summary>
    /// <param name="status">HTTP status.</param>
    public static string CodeOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "bad_request",
        StatusCodes.Status401Unauthorized => "unauthenticated",
        StatusCodes.Status403Forbidden => "forbidden",
        StatusCodes.Status404NotFound => "no_such_route",
        StatusCodes.Status405MethodNotAllowed => "method_not_allowed",
        StatusCodes.Status408RequestTimeout => "request_timeout",
        StatusCodes.Status413PayloadTooLarge => "body_too_large",
        StatusCodes.Status415UnsupportedMediaType => "unsupported_media_type",
        StatusCodes.Status431RequestHeaderFieldsTooLarge => "headers_too_large",
        StatusCodes.Status500InternalServerError => "internal_error",
        StatusCodes.Status503ServiceUnavailable => "unavailable",
        _ => string.Create(CultureInfo.InvariantCulture, $"http_{status}"),
    };

    /// <summary>Gives a problem that the framework made our type and code; one of ours stays as it is.</summary>
    /// <param name="problem">The problem.</param>
    public static void Complete(ProblemDetails problem)
    {
        if (problem.Extensions.ContainsKey(Code)) return;
        var code = CodeOf(problem.Status ?? StatusCodes.Status500InternalServerError);
        problem.Type = TypeOf(code);
        problem.Title = TitleOf(code);
        problem.Extensions[Code] = code;
    }

    private static string TypeOf(string code) => $"/problems/{code}";

    /// <summary>The code in words: a title must not change from occurrence to occurrence.</summary>
    private static string TitleOf(string code)
    {
        var title = new StringBuilder(code).Replace('_', ' ');
        title[0] = char.ToUpperInvariant(title[0]);
        return title.ToString();
    }
}
