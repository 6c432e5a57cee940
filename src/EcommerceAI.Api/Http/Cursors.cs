using System.Buffers.Text;
using System.Text.Json;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Api.Http;

/// <summary>
/// Cursors: where a list goes on, as an opaque text. Each carries the query it belongs to, so that one given to another list, or to
/// the same list with other filters, is refused instead of giving a page of nonsense.
/// </summary>
public static class Cursors
{
    private const int Version = 1;
    private const int MostCharacters = 2048;

    /// <summary>Writes a cursor.</summary>
    /// <typeparam name="TKey">The list's key.</typeparam>
    /// <param name="query">Name of the list with its filters.</param>
    /// <param name="next">The key that the page ended with, or null on the last page.</param>
    /// <returns>The cursor, or null on the last page.</returns>
    public static string? Write<TKey>(string query, TKey? next)
        where TKey : class =>
        next is null ? null : Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new Content<TKey>(Version, query, next), EventSerializer.Options));

    /// <summary>Reads a cursor.</summary>
    /// <typeparam name="TKey">The list's key.</typeparam>
    /// <param name="query">Name of the list with its filters.</param>
    /// <param name="cursor">What the client sent; null for the first page.</param>
    /// <param name="after">The key to go on after, or null for the first page.</param>
    /// <returns>Whether the cursor is one of this query.</returns>
    public static bool TryRead<TKey>(string query, string? cursor, out TKey? after)
        where TKey : class
    {
        after = null;
        if (cursor is null) return true;
        if (cursor.Length > MostCharacters || !Base64Url.IsValid(cursor)) return false;
        try
        {
            var json = Base64Url.DecodeFromChars(cursor);
            using var document = JsonDocument.Parse(json);
            if (!IsStorable(document.RootElement)) return false;
            var content = document.RootElement.Deserialize<Content<TKey>>(StrictJson.Options);
            if (content is null || content.V != Version || content.Q != query) return false;
            after = content.K;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A cursor is not signed: what its texts hold goes into a statement as a parameter, and must fit there.</summary>
    private static bool IsStorable(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.Object => value.EnumerateObject().All(member => IsStorable(member.Value)),
                JsonValueKind.Array => value.EnumerateArray().All(IsStorable),
                JsonValueKind.String => StorableText.IsStorable(value.GetString()),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private sealed record Content<TKey>(int V, string Q, TKey K);
}
