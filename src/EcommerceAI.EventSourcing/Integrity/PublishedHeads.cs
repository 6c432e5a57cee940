using System.Text;
using System.Text.Json;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>
/// Heads outside the database: a file of JSON lines that is only appended to, flushed to disk with each head. Whoever rolls the
/// database back or puts another in its place cannot take back what stands here; keep it, or a copy, where the database's
/// administrator cannot write.
/// </summary>
/// <param name="file">The file; made with its folder when the first head is written.</param>
public sealed class PublishedHeads(string file)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The file's path.</summary>
    public string File { get; } = file;

    /// <summary>Every head, in the order of writing; the torn end of a write that a crash cut off is left out.</summary>
    /// <exception cref="ChainException">A line is no head.</exception>
    public IReadOnlyList<ChainHead> Read()
    {
        if (!System.IO.File.Exists(File)) return [];
        using var stream = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>Appends heads that are larger than the last one there.</summary>
    /// <param name="newer">Gives the heads that are larger than a size, rising.</param>
    /// <param name="cancellation">Gives up waiting for another process that is writing.</param>
    /// <exception cref="ChainException">The file speaks for another log, or is ahead of this one.</exception>
    internal async Task AppendAsync(Func<ChainHead?, Task<IReadOnlyList<ChainHead>>> newer, CancellationToken cancellation)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(File)) is { } folder) Directory.CreateDirectory(folder);
        await using var stream = await OpenAsync(cancellation);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, cancellation);
        var whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        var last = Parse(Encoding.UTF8.GetString(bytes, 0, whole)) is [.., var head] ? head : null;
        var lines = new StringBuilder();
        foreach (var next in await newer(last)) lines.Append(JsonSerializer.Serialize(next, JsonSerializerOptions.Web)).Append('\n');
        if (lines.Length == 0) return;
        stream.SetLength(whole);
        stream.Seek(0, SeekOrigin.End);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), cancellation);
        stream.Flush(flushToDisk: true);
    }

    private List<ChainHead> Parse(string text)
    {
        var heads = new List<ChainHead>();
        for (var at = 0; text.IndexOf('\n', at) is >= 0 and var end; at = end + 1)
        {
            try
            {
                heads.Add(JsonSerializer.Deserialize<ChainHead>(text.AsSpan(at, end - at), JsonSerializerOptions.Web)!);
            }
            catch (JsonException unreadable)
            {
                throw new ChainException($"Line {heads.Count + 1} of {File} is no head: {unreadable.Message}", unreadable);
            }
        }

        return heads;
    }

    private async Task<FileStream> OpenAsync(CancellationToken cancellation)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                return new FileStream(File, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (System.IO.File.Exists(File) && Environment.TickCount64 < deadline)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
            }
        }
    }
}
