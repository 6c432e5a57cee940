using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.FlashSale;

/// <summary>One connection to Redis, spoken to in its own protocol: a command out in one write, its reply in one read.</summary>
internal sealed class RedisConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _in = new byte[1024];
    private byte[] _out = new byte[1024];

    /// <param name="server">Where it listens.</param>
    public RedisConnection(UnixDomainSocketEndPoint server) => _socket.Connect(server);

    /// <summary>Sends a command whose reply is a number.</summary>
    /// <param name="arguments">The command and its arguments.</param>
    public long AskNumber(params ReadOnlySpan<string> arguments)
    {
        var reply = Ask(arguments);
        return reply[0] == ':' && Utf8Parser.TryParse(reply[1..], out long number, out _)
            ? number
            : throw new ReplayException($"Redis answered '{Encoding.UTF8.GetString(reply).Trim()}' to {arguments[0]}.");
    }

    /// <summary>Sends a command whose reply is a text.</summary>
    /// <param name="arguments">The command and its arguments.</param>
    public string AskText(params ReadOnlySpan<string> arguments)
    {
        var reply = Encoding.UTF8.GetString(Ask(arguments));
        return reply[0] != '-' ? reply.Split("\r\n")[reply[0] == '$' ? 1 : 0] : throw new ReplayException($"Redis answered '{reply.Trim()}' to {arguments[0]}.");
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private ReadOnlySpan<byte> Ask(ReadOnlySpan<string> arguments)
    {
        var length = Write(0, $"*{arguments.Length}\r\n");
        foreach (var argument in arguments)
        {
            length = Write(length, string.Create(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(argument)}\r\n"));
            length = Write(length, argument);
            length = Write(length, "\r\n");
        }

        for (var sent = 0; sent < length;) sent += _socket.Send(_out.AsSpan(sent, length - sent));
        var got = 0;
        do
        {
            var read = _socket.Receive(_in.AsSpan(got));
            if (read == 0) throw new ReplayException("Redis closed the connection.");
            got += read;
        }
        while (_in[got - 1] != '\n' || (_in[0] == '$' && _in.AsSpan(0, got).Count((byte)'\n') < 2));
        return _in.AsSpan(0, got);
    }

    private int Write(int at, string text)
    {
        if (_out.Length - at < Encoding.UTF8.GetMaxByteCount(text.Length)) Array.Resize(ref _out, 2 * (_out.Length + text.Length));
        return at + Encoding.UTF8.GetBytes(text, _out.AsSpan(at));
    }
}
