using System.Buffers;

namespace EcommerceAI.Api.Http;

/// <summary>Reads the bytes of a request, as many as are allowed.</summary>
internal static class RequestBody
{
    /// <summary>The most bytes that a command's body has: 1 MiB.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>
    /// How many bytes the server swallows of a body that was refused for its size, so that a client which is still sending
    /// gets to read the refusal instead of a reset connection.
    /// </summary>
    public const long MostBytesSwallowed = 64L * 1024 * 1024;

    /// <summary>The body, or null where it has more than <see cref="MostBytes"/>, announced or not.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > MostBytes) return null;
        var cancellation = request.HttpContext.RequestAborted;
        var body = new ArrayBufferWriter<byte>((int)(request.ContentLength ?? 1024) + 1);
        while (true)
        {
            var read = await request.Body.ReadAsync(body.GetMemory(1), cancellation);
            if (read == 0) return body.WrittenSpan.ToArray();
            body.Advance(read);
            if (body.WrittenCount > MostBytes) return null;
        }
    }
}
