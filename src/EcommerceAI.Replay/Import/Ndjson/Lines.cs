using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Replay.Import.Ndjson;

/// <summary>The lines of a stream of bytes, numbered from 1, one in memory at a time.</summary>
internal static class Lines
{
    /// <summary>Far above what the database takes in one value; a file without line ends is told instead of filling the memory.</summary>
    private const long LongestLine = 256L << 20;

    /// <summary>Reads lines that are not blank; a line is valid until the next is asked for.</summary>
    public static async IAsyncEnumerable<(long Number, ReadOnlyMemory<byte> Line)> ReadAsync(
        Stream content, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pipe = PipeReader.Create(content, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true));
        var number = 0L;
        while (true)
        {
            var read = await pipe.ReadAsync(cancellation);
            var buffer = read.Buffer;
            while (TryCut(ref buffer, read.IsCompleted, out var line))
            {
                number++;
                var text = line.IsSingleSegment ? line.First : line.ToArray();
                if (!text.Span.Trim(" \t\r"u8).IsEmpty) yield return (number, text);
            }

            if (buffer.Length > LongestLine) throw new LogImportException(number + 1, $"it is longer than {LongestLine >> 20} MiB");
            pipe.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) break;
        }

        await pipe.CompleteAsync();
    }

    /// <summary>Cuts the next line off; at the end what is left is one.</summary>
    private static bool TryCut(ref ReadOnlySequence<byte> buffer, bool isEnd, out ReadOnlySequence<byte> line)
    {
        line = default;
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }

        if (!isEnd || buffer.IsEmpty) return false;
        line = buffer;
        buffer = buffer.Slice(buffer.End);
        return true;
    }
}
