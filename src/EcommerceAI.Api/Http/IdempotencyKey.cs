using Microsoft.Extensions.Primitives;

namespace EcommerceAI.Api.Http;

/// <summary>The caller's name for one request.</summary>
internal static class IdempotencyKey
{
    private const int MaxLength = 255;

    /// <summary>Reads the header.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="key">The key, or null where none is given.</param>
    /// <returns>Whether it is absent or well-formed: once, 1 to 255 visible ASCII characters.</returns>
    public static bool TryRead(IHeaderDictionary headers, out string? key)
    {
        key = null;
        if (!headers.TryGetValue(Headers.IdempotencyKey, out StringValues values)) return true;
        if (values is not [{ Length: >= 1 and <= MaxLength } only] || only.AsSpan().ContainsAnyExceptInRange('!', '~')) return false;
        key = only;
        return true;
    }
}
