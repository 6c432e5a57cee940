using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace EcommerceAI.Api.Http;

/// <summary>
/// Entity tags. A command's reply and a resource that its stream alone makes carry the stream's version, <c>"3"</c>. A page that
/// shows more than its stream (a product with its sales) carries the version and a hash of what it shows, <c>"3.9f86d081884c7d65"</c>:
/// it changes with every byte, as a strong tag must, and still names the version for <c>If-Match</c>.
/// </summary>
public static class EntityTags
{
    /// <summary>The tag of a stream version.</summary>
    /// <param name="version">0 or more.</param>
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>The tag of a page that shows a stream and more.</summary>
    /// <param name="version">Version of the stream, 0 or more.</param>
    /// <param name="body">The page's bytes.</param>
    public static string Of(long version, ReadOnlySpan<byte> body) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{version}.{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 8))}\"");

    /// <summary>Whether <c>If-None-Match</c> says that the client has this already.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="tag">The tag of what would be sent.</param>
    public static bool IsKnown(IHeaderDictionary headers, string tag)
    {
        if (headers.IfNoneMatch.Count == 0 || !EntityTagHeaderValue.TryParseList(headers.IfNoneMatch, out var tags)) return false;
        var current = new EntityTagHeaderValue(tag);
        return tags.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(current, useStrongComparison: false));
    }

    /// <summary>The version that a tag of ours names; -1 for a weak tag or one that is not ours, which match nothing.</summary>
    internal static long VersionOf(EntityTagHeaderValue tag)
    {
        var text = tag.Tag.AsSpan().Trim('"');
        var dot = text.IndexOf('.');
        return !tag.IsWeak && long.TryParse(dot < 0 ? text : text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : -1;
    }
}

/// <summary>The precondition of a command: <c>If-Match</c>.</summary>
/// <param name="Versions">
/// The versions that the caller would accept, none when it does not care (no header, or <c>*</c>: a command on a resource that does
/// not exist is refused as unknown anyway).
/// </param>
public sealed record IfMatch(IReadOnlyList<long> Versions)
{
    /// <summary>No precondition.</summary>
    public static IfMatch Absent { get; } = new([]);

    /// <summary>Reads the header; null where it is malformed.</summary>
    /// <param name="headers">The request's headers.</param>
    public static IfMatch? Read(IHeaderDictionary headers)
    {
        if (headers.IfMatch.Count == 0) return Absent;
        if (!EntityTagHeaderValue.TryParseStrictList(headers.IfMatch, out var tags) || tags.Count == 0) return null;
        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any)) ? Absent : new IfMatch([.. tags.Select(EntityTags.VersionOf)]);
    }
}
