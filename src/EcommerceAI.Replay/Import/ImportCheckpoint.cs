using System.Text.Json;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.Replay.Import;

/// <summary>
/// How many invoices of which file the store holds. It moves in the transaction of their events, and only from where this
/// process read it, so that an import can be stopped anywhere and two cannot run at once.
/// </summary>
internal sealed class ImportCheckpoint(NpgsqlDataSource source, string contentHash, string file)
{
    private const string Name = "import online-retail";

    /// <summary>Invoices already in the store.</summary>
    /// <exception cref="ReplayException">The store holds, whole or in part, another file.</exception>
    public async Task<int> ReadAsync(CancellationToken cancellation)
    {
        await using (var insert = source.CreateCommand(
            "insert into bookkeeping.checkpoints (name, position, detail) values ($1, 0, $2) on conflict (name) do nothing"))
        {
            insert.Parameters.AddWithValue(Name);
            insert.Parameters.AddWithValue(NpgsqlDbType.Jsonb, EventSerializer.Serialize(new ImportedFile(contentHash, file)));
            await insert.ExecuteNonQueryAsync(cancellation);
        }

        await using var command = source.CreateCommand("select position, detail from bookkeeping.checkpoints where name = $1");
        command.Parameters.AddWithValue(Name);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var held = JsonSerializer.Deserialize<ImportedFile>(reader.GetFieldValue<byte[]>(1), EventSerializer.Options)!;
        return held.ContentHash == contentHash
            ? (int)reader.GetInt64(0)
            : throw new ReplayException(
                $"The store already holds {reader.GetInt64(0)} invoices of another file, {held.File} (SHA-256 {held.ContentHash[..12]}…); "
                + $"{file} (SHA-256 {contentHash[..12]}…) needs a store of its own.");
    }

    /// <summary>Moves on, in the transaction of <paramref name="connection"/>.</summary>
    public static async Task MoveAsync(NpgsqlConnection connection, int from, int to, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "update bookkeeping.checkpoints set position = $3, changed = now() where name = $1 and position = $2", connection);
        command.Parameters.AddWithValue(Name);
        command.Parameters.AddWithValue((long)from);
        command.Parameters.AddWithValue((long)to);
        if (await command.ExecuteNonQueryAsync(cancellation) == 0)
            throw new ReplayException("Another import is running on this store; this one wrote nothing more.");
    }

    private sealed record ImportedFile(string ContentHash, string File);
}
