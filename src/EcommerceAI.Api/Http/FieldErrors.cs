namespace EcommerceAI.Api.Http;

/// <summary>What is wrong with one field.</summary>
/// <param name="Code">Stable machine-readable reason in snake_case, for example <c>required</c> or <c>out_of_range</c>.</param>
/// <param name="Message">One sentence for a person.</param>
public sealed record FieldError(string Code, string Message);

/// <summary>What is wrong with the fields of a request, by their paths (<c>lines[2].quantity</c>), in the order they were found.</summary>
public sealed class FieldErrors
{
    /// <summary>
    /// A hostile body can hold a hundred thousand faults. Nobody mends more than this in one go, and the reply stays small.
    /// </summary>
    private const int MostFields = 100;

    private readonly Dictionary<string, List<FieldError>> _byPath = new(StringComparer.Ordinal);

    /// <summary>Path to errors.</summary>
    public IReadOnlyDictionary<string, List<FieldError>> ByPath => _byPath;

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => _byPath.Count > 0;

    /// <summary>Notes an error; past a hundred fields it is dropped.</summary>
    /// <param name="path">The field's path; empty for the body as a whole.</param>
    /// <param name="code">See <see cref="FieldError.Code"/>.</param>
    /// <param name="message">See <see cref="FieldError.Message"/>.</param>
    public void Add(string path, string code, string message)
    {
        if (!_byPath.TryGetValue(path, out var errors))
        {
            if (_byPath.Count >= MostFields) return;
            _byPath[path] = errors = [];
        }

        errors.Add(new FieldError(code, message));
    }
}
