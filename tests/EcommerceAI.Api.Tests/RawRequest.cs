using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EcommerceAI.Api.Tests;

/// <summary>A request as bytes, where a client library would refuse to send it or mend it on the way.</summary>
internal static class RawRequest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Sends one request and reads the reply to its end.</summary>
    /// <param name="server">Where the server listens.</param>
    /// <param name="method">Method.</param>
    /// <param name="target">What stands behind it.</param>
    /// <param name="headers">Further headers, each a name and the bytes of its value.</param>
    /// <param name="body">Body, or null for none.</param>
    /// <returns>The status; 0 where the server hung up without one.</returns>
    public static async Task<int> SendAsync(Uri server, string method, string target, IReadOnlyList<(string Name, byte[] Value)> headers, byte[]? body)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Host, server.Port, patience.Token);
        var stream = connection.GetStream();
        await stream.WriteAsync(Bytes(server, method, target, headers, body), patience.Token);
        var first = new byte[16];
        var read = await stream.ReadAtLeastAsync(first, 12, throwOnEndOfStream: false, patience.Token);
        // HTTP/1.1 200
        return read < 12 ? 0 : int.Parse(Encoding.ASCII.GetString(first, 9, 3), CultureInfo.InvariantCulture);
    }

    private static byte[] Bytes(Uri server, string method, string target, IReadOnlyList<(string Name, byte[] Value)> headers, byte[]? body)
    {
        var bytes = new List<byte>();
        void Add(string text) => bytes.AddRange(Encoding.ASCII.GetBytes(text));
        Add($"{method} {target} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: close\r\n");
        foreach (var (name, value) in headers)
        {
            Add($"{name}: ");
            bytes.AddRange(value);
            Add("\r\n");
        }

        if (body is not null) Add(string.Create(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n"));
        Add("\r\n");
        bytes.AddRange(body ?? []);
        return [.. bytes];
    }
}
