using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>
/// The unpacked bytes of a plain or gzip file, hashed as they pass. It also knows whether a gzip file is whole: the framework's
/// <see cref="GZipStream"/> takes the end of a truncated file for the end of the data, without a word.
/// </summary>
internal sealed class ImportSource : Stream
{
    private const int TrailerBytes = 8;
    private readonly string _path;
    private readonly FileStream _file;
    private readonly Stream _unpacked;
    private readonly bool _isGzip;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    private ImportSource(string path, FileStream file, bool isGzip)
    {
        _path = path;
        _file = file;
        _isGzip = isGzip;
        _unpacked = isGzip ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
    }

    /// <summary>Opens <paramref name="path"/>; gzip is known by its first two bytes, and asked for by the name's end.</summary>
    /// <exception cref="ImportFileException">The file is missing, not readable, empty, or named .gz and not gzip.</exception>
    public static ImportSource Open(string path)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            var source = new ImportSource(path, file, HasGzipMark(path, file));
            file = null;
            return source;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ImportFileException(path, null, null, $"cannot be opened: {exception.Message}", exception);
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>SHA-256 of all bytes read, lower-case hexadecimal; complete once the end has been reached.</summary>
    public string ContentHash => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Reads what is left and says what is wrong with the packing, or null where the file is whole.</summary>
    /// <exception cref="InvalidDataException">The packed data are damaged.</exception>
    public string? FindTruncation()
    {
        var rest = new byte[1 << 16];
        while (Read(rest) > 0) { /* hashed and counted on its way */ }
        if (!_isGzip) return null;
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        if (_file.Length < TrailerBytes) return "the gzip file ends early";
        _file.Position = _file.Length - TrailerBytes;
        _file.ReadExactly(trailer);
        // The framework checks the CRC, but only where it finds one. RFC 1952: the last four bytes are the length modulo 2^32.
        var promised = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        return promised == (uint)_length
            ? null
            : "the gzip file ends early, or is made of several parts (unpack such a file first)";
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = _unpacked.Read(buffer);
        if (_length == 0) RefuseOtherEncodings(buffer[..read]);
        _hash.AppendData(buffer[..read]);
        _length += read;
        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => _length; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
            _file.Dispose();
            _hash.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>
    /// The byte order marks of UTF-16 and UTF-32 hold FE and FF, which UTF-8 never does. The CSV reader would follow such a mark.
    /// </summary>
    private void RefuseOtherEncodings(ReadOnlySpan<byte> start)
    {
        if (start[..Math.Min(4, start.Length)].ContainsAny((byte)0xfe, (byte)0xff))
            throw new ImportFileException(_path, 1, null, "the text is not UTF-8");
    }

    private static bool HasGzipMark(string path, FileStream file)
    {
        Span<byte> mark = stackalloc byte[2];
        var length = file.ReadAtLeast(mark, 2, throwOnEndOfStream: false);
        file.Position = 0;
        if (length == 0) throw new ImportFileException(path, null, null, "the file is empty");
        var isGzip = length == 2 && mark[0] == 0x1f && mark[1] == 0x8b;
        if (!isGzip && path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            throw new ImportFileException(path, null, null, "its name ends in .gz but it is not a gzip file");
        return isGzip;
    }
}
