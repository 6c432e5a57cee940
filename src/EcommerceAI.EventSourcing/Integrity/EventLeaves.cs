using System.Buffers.Binary;
using System.Security.Cryptography;
using Npgsql;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>Leaves of consecutive events.</summary>
/// <param name="Positions">Their positions, rising.</param>
/// <param name="Hashes">Their hashes, 32 bytes each.</param>
internal sealed record EventLeafPage(IReadOnlyList<long> Positions, byte[] Hashes)
{
    public ReadOnlyMemory<byte> HashAt(int index) => Hashes.AsMemory(index * MerkleHash.Size, MerkleHash.Size);
}

/// <summary>
/// Events as leaves. A leaf's data is the event's row as PostgreSQL's binary COPY gives it: the number of columns, then each
/// column's length and bytes, in the order of <see cref="Columns"/>. In it the timestamp is microseconds UTC since 2000, JSON is the
/// text of <c>jsonb</c> (one form for each value), and null has a length of its own, so that one row has one form on every server.
/// Archiving, tenant and CLR name may change and are left out.
/// </summary>
internal sealed class EventLeaves
{
    private static readonly (string Name, string Type)[] Columns =
    [
        ("seq_id", "bigint"), ("id", "uuid"), ("stream_id", "varchar"), ("version", "bigint"), ("type", "varchar"),
        ("timestamp", "timestamptz"), ("data", "jsonb"), ("correlation_id", "varchar"), ("causation_id", "varchar"), ("headers", "jsonb"),
    ];

    /// <summary>Signature, flags and length of the extension before the first row.</summary>
    private const int HeaderBytes = 19;

    private readonly NpgsqlConnection _connection;
    private readonly string _select;

    private EventLeaves(NpgsqlConnection connection, string select) => (_connection, _select) = (connection, select);

    /// <summary>Reads over a connection, in whatever transaction it has.</summary>
    public static async Task<EventLeaves> OverAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select column_name from information_schema.columns where table_schema = 'events' and table_name = 'mt_events'", connection);
        var present = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) present.Add(reader.GetString(0));
        // A store made without the metadata columns has the same leaves as one that has them empty.
        var columns = Columns.Select(column => present.Contains(column.Name) ? column.Name : $"null::{column.Type}");
        return new EventLeaves(connection, $"select {string.Join(", ", columns)} from events.mt_events");
    }

    /// <summary>The leaves after a position and up to another, in order.</summary>
    public async Task<EventLeafPage> ReadAsync(long after, long upTo, int limit, CancellationToken cancellation)
    {
        var positions = new List<long>();
        var hashes = new MemoryStream();
        await using var rows = await _connection.BeginRawBinaryCopyAsync(
            $"copy ({_select} where seq_id > {after} and seq_id <= {upTo} order by seq_id limit {limit}) to stdout (format binary)", cancellation);
        var buffer = new byte[1 << 18];
        var (start, end) = (0, 0);
        var isFirst = true;
        while (true)
        {
            var read = await rows.ReadAsync(buffer.AsMemory(end), cancellation);
            if (read == 0) throw new InvalidDataException("The server's binary copy ended before its trailer.");
            end += read;
            if (isFirst && end < HeaderBytes) continue;
            if (isFirst) start = HeaderBytes;
            isFirst = false;
            if (TakeRows(buffer, ref start, end, positions, hashes)) break;
            MakeRoom(ref buffer, ref start, ref end);
        }

        return new EventLeafPage(positions, hashes.ToArray());
    }

    /// <summary>Hashes the rows that are whole; true at the trailer.</summary>
    private static bool TakeRows(byte[] buffer, ref int start, int end, List<long> positions, MemoryStream hashes)
    {
        Span<byte> hash = stackalloc byte[MerkleHash.Size];
        while (end - start >= sizeof(short))
        {
            var columns = BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(start));
            if (columns < 0) return true;
            var at = start + sizeof(short);
            for (var column = 0; column < columns; column++)
            {
                if (end - at < sizeof(int)) return false;
                var length = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at));
                at += sizeof(int) + Math.Max(0, length);
            }

            if (at > end) return false;
            positions.Add(BinaryPrimitives.ReadInt64BigEndian(buffer.AsSpan(start + sizeof(short) + sizeof(int))));
            // The byte before a row belongs to what has been read already: the leaf's prefix goes there, and nothing is copied.
            buffer[start - 1] = MerkleHash.LeafPrefix;
            SHA256.HashData(buffer.AsSpan(start - 1, at - start + 1), hash);
            hashes.Write(hash);
            start = at;
        }

        return false;
    }

    /// <summary>Moves the row that is not whole yet to the front, with one byte before it; a buffer that it fills is doubled.</summary>
    private static void MakeRoom(ref byte[] buffer, ref int start, ref int end)
    {
        var target = end - start > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        Buffer.BlockCopy(buffer, start, target, 1, end - start);
        (buffer, end, start) = (target, end - start + 1, 1);
    }
}
