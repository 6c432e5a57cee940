using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace EcommerceAI.Search.Vectors;

/// <summary>A file of vectors is damaged, or of another model or form than was asked for.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong with it.</param>
public sealed class VectorFileException(string path, string reason)
    : Exception($"The vectors in '{path}' cannot be used: {reason}. They must be made again.");

/// <summary>
/// A snapshot on disk: everything in the order below, little-endian as in memory, then the SHA-256 of it. The checksum is verified
/// before a byte is believed, so that a damaged length never reserves memory.
/// </summary>
internal static class VectorFile
{
    private const int Format = 1;
    private const int BufferSize = 1 << 20;
    private static readonly byte[] Magic = "VECTORS\n"u8.ToArray();

    public static void Write(string path, string model, VectorSnapshot snapshot, long written, VectorIndexOptions options)
    {
        var partial = path + ".partial";
        try
        {
            using (var file = new FileStream(partial, FileMode.Create, FileAccess.ReadWrite, FileShare.None, BufferSize))
            {
                using var hash = SHA256.Create();
                using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
                using (var writer = new BinaryWriter(hashed, Encoding.UTF8, leaveOpen: true))
                    WriteBody(writer, model, snapshot, written, options);
                file.Write(hash.Hash!);
                file.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch (IOException)
        {
            File.Delete(partial);
            throw;
        }
    }

    public static (VectorSnapshot Snapshot, long Written) Read(string path, string model, VectorIndexOptions options)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.SequentialScan);
        Verify(path, file);
        using var reader = new BinaryReader(file, Encoding.UTF8);
        reader.ReadBytes(Magic.Length);
        if (reader.ReadInt32() is var format && format != Format) throw new VectorFileException(path, $"it has format {format}, not {Format}");
        if (reader.ReadString() is var saved && saved != model) throw new VectorFileException(path, $"they are of the model '{saved}', not '{model}'");
        if (reader.ReadInt32() is var links && links != options.Links)
            throw new VectorFileException(path, $"they were linked with {links} links each, not {options.Links}");
        if (reader.ReadUInt64() is var seed && seed != options.Seed)
            throw new VectorFileException(path, $"they were linked with seed {seed}, not {options.Seed}");
        var written = reader.ReadInt64();
        return (ReadSnapshot(reader, options), written);
    }

    private static void Verify(string path, FileStream file)
    {
        if (file.Length < Magic.Length + SHA256.HashSizeInBytes) throw new VectorFileException(path, "the file is cut short");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        for (var left = file.Length - SHA256.HashSizeInBytes; left > 0;)
        {
            var read = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0) throw new VectorFileException(path, "the file is cut short");
            if (file.Position == read && !buffer.AsSpan(0, Magic.Length).SequenceEqual(Magic)) throw new VectorFileException(path, "it is no file of vectors");
            hash.AppendData(buffer, 0, read);
            left -= read;
        }
        var expected = new byte[SHA256.HashSizeInBytes];
        file.ReadExactly(expected);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(expected)) throw new VectorFileException(path, "its checksum does not match, so it is damaged");
        file.Position = 0;
    }

    private static void WriteBody(BinaryWriter writer, string model, VectorSnapshot snapshot, long written, VectorIndexOptions options)
    {
        writer.Write(Magic);
        writer.Write(Format);
        writer.Write(model);
        writer.Write(options.Links);
        writer.Write(options.Seed);
        writer.Write(written);
        writer.Write(snapshot.Rows.Dimensions);
        writer.Write(snapshot.Count);
        // A set may have room for more places than there are.
        WriteNumbers(writer, snapshot.Live.Copy(snapshot.Count).Words.AsSpan(0, (snapshot.Count + 63) >> 6));
        foreach (var (block, rows) in Blocks(snapshot.Rows, snapshot.Count))
        {
            WriteNumbers(writer, block.Vectors.AsSpan(0, rows * snapshot.Rows.Dimensions));
            WriteNumbers(writer, block.Codes.AsSpan(0, rows * snapshot.Rows.Dimensions));
            WriteNumbers(writer, block.Scales.AsSpan(0, rows));
            for (var row = 0; row < rows; row++) writer.Write(block.Ids[row]!);
        }
        writer.Write(snapshot.Held.Count);
        foreach (var (id, held) in snapshot.Held.OrderBy(held => held.Key, StringComparer.Ordinal))
        {
            writer.Write(id);
            writer.Write(held.Version);
            writer.Write(held.Place);
        }
        WriteGraph(writer, snapshot);
        WriteAttributes(writer, snapshot);
    }

    private static VectorSnapshot ReadSnapshot(BinaryReader reader, VectorIndexOptions options)
    {
        var (dimensions, count) = (reader.ReadInt32(), reader.ReadInt32());
        var live = PlaceSet.Of(count);
        ReadNumbers(reader, live.Words.AsSpan());
        var rows = new VectorRows(
            [.. Enumerable.Range(0, (count + VectorBlock.Mask) >> VectorBlock.Shift).Select(_ => new VectorBlock(dimensions))], dimensions);
        foreach (var (block, length) in Blocks(rows, count))
        {
            ReadNumbers(reader, block.Vectors.AsSpan(0, length * dimensions));
            ReadNumbers(reader, block.Codes.AsSpan(0, length * dimensions));
            ReadNumbers(reader, block.Scales.AsSpan(0, length));
            for (var row = 0; row < length; row++) block.Ids[row] = reader.ReadString();
        }
        var ids = reader.ReadInt32();
        var held = new ConcurrentDictionary<string, HeldVector>(Environment.ProcessorCount, ids, StringComparer.Ordinal);
        for (var i = 0; i < ids; i++)
        {
            var id = reader.ReadString();
            held[id] = new(reader.ReadInt64(), reader.ReadInt32());
        }
        var graph = ReadGraph(reader, rows, count, options);
        return new(rows, count, live, live.Count(), graph, ReadAttributes(reader), held);
    }

    private static void WriteGraph(BinaryWriter writer, VectorSnapshot snapshot)
    {
        writer.Write(snapshot.Graph is not null);
        if (snapshot.Graph is not { } graph) return;
        writer.Write(graph.Entry);
        writer.Write(graph.Top);
        foreach (var (block, rows) in Blocks(snapshot.Rows, snapshot.Count))
        {
            WriteNumbers(writer, block.LowestLinks.AsSpan());
            for (var row = 0; row < rows; row++)
            {
                int[] upper = block.UpperLinks[row] ?? [];
                writer.Write(upper.Length);
                WriteNumbers(writer, upper.AsSpan());
            }
        }
    }

    private static HnswGraph? ReadGraph(BinaryReader reader, VectorRows rows, int count, VectorIndexOptions options)
    {
        if (!reader.ReadBoolean()) return null;
        var graph = new HnswGraph(rows, options.Links, reader.ReadInt32(), reader.ReadInt32());
        foreach (var (block, length) in Blocks(rows, count))
        {
            block.LowestLinks = new int[VectorBlock.Rows * (graph.Width(0) + 1)];
            ReadNumbers(reader, block.LowestLinks.AsSpan());
            for (var row = 0; row < length; row++)
            {
                var upper = new int[reader.ReadInt32()];
                ReadNumbers(reader, upper.AsSpan());
                block.UpperLinks[row] = upper.Length > 0 ? upper : null;
            }
        }
        return graph;
    }

    private static void WriteAttributes(BinaryWriter writer, VectorSnapshot snapshot)
    {
        var keywords = snapshot.Attributes.Keywords.OrderBy(k => k.Key.Field, StringComparer.Ordinal).ThenBy(k => k.Key.Value, StringComparer.Ordinal).ToList();
        writer.Write(keywords.Count);
        foreach (var ((field, value), postings) in keywords)
        {
            var set = PlaceSet.Of(snapshot.Count);
            postings.AddTo(set);
            int[] places = [.. set.Places().Where(snapshot.Live.Has)];
            writer.Write(field);
            writer.Write(value);
            writer.Write(places.Length);
            WriteNumbers(writer, places.AsSpan());
        }
        var numbers = snapshot.Attributes.Numbers.OrderBy(n => n.Key, StringComparer.Ordinal).ToList();
        writer.Write(numbers.Count);
        foreach (var (field, column) in numbers)
        {
            int[] places = [.. snapshot.Live.Places().Where(place => !double.IsNaN(column.Get(place)))];
            writer.Write(field);
            writer.Write(places.Length);
            foreach (var place in places)
            {
                writer.Write(place);
                writer.Write(column.Get(place));
            }
        }
    }

    private static AttributeColumns ReadAttributes(BinaryReader reader)
    {
        var attributes = new AttributeColumns();
        for (var keywords = reader.ReadInt32(); keywords > 0; keywords--)
        {
            var (field, value) = (reader.ReadString(), reader.ReadString());
            var places = new int[reader.ReadInt32()];
            ReadNumbers(reader, places.AsSpan());
            foreach (var place in places) attributes.AddKeyword(place, field, value);
        }
        for (var numbers = reader.ReadInt32(); numbers > 0; numbers--)
        {
            var field = reader.ReadString();
            for (var places = reader.ReadInt32(); places > 0; places--) attributes.AddNumber(reader.ReadInt32(), field, reader.ReadDouble());
        }
        return attributes;
    }

    private static IEnumerable<(VectorBlock Block, int Rows)> Blocks(VectorRows rows, int count) =>
        rows.Blocks.Select((block, i) => (block, Math.Min(VectorBlock.Rows, count - i * VectorBlock.Rows)));

    private static void WriteNumbers<T>(BinaryWriter writer, Span<T> numbers) where T : unmanaged => writer.Write(MemoryMarshal.AsBytes(numbers));

    private static void ReadNumbers<T>(BinaryReader reader, Span<T> numbers) where T : unmanaged =>
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(numbers));
}
