using System.Text.Json;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.OnlineRetail;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.Replay.Import;

/// <summary>The file that a store holds, whole or in part.</summary>
/// <param name="ContentHash">SHA-256 of its content, lower-case hexadecimal.</param>
/// <param name="File">Its name when the import began.</param>
/// <param name="Invoices">How many invoices it has.</param>
/// <param name="Done">How many of them are in the store.</param>
internal sealed record ImportedFile(string ContentHash, string File, int Invoices, int Done);

/// <summary>
/// How many invoices of which file the store holds. It moves in the transaction of their events, and only from where this
/// process read it, so that an import can be stopped anywhere and two cannot run at once.
/// </summary>
internal sealed class ImportCheckpoint(NpgsqlDataSource source, ImportPlan plan, string file)
{
    private const string Name = "import online-retail";

    /// <summary>What the store holds, or null before the first import.</summary>
    public static async Task<ImportedFile?> FindAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select position, detail from bookkeeping.checkpoints where name = $1");
        command.Parameters.AddWithValue(Name);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? JsonSerializer.Deserialize<ImportedFile>(reader.GetFieldValue<byte[]>(1), EventSerializer.Options)! with { Done = (int)reader.GetInt64(0) }
            : null;
    }

    /// <summary>Invoices already in the store.</summary>
    /// <exception cref="ReplayException">The store holds, whole or in part, another file.</exception>
    public async Task<int> ReadAsync(CancellationToken cancellation)
    {
        await using (var insert = source.CreateCommand(
            "insert into bookkeeping.checkpoints (name, position, detail) values ($1, 0, $2) on conflict (name) do nothing"))
        {
            insert.Parameters.AddWithValue(Name);
            insert.Parameters.AddWithValue(
                NpgsqlDbType.Jsonb, EventSerializer.Serialize(new ImportedFile(plan.ContentHash, Path.GetFileName(file), plan.InvoiceCount, 0)));
            await insert.ExecuteNonQueryAsync(cancellation);
        }

        var held = (await FindAsync(source, cancellation))!;
        return held.ContentHash == plan.ContentHash
            ? held.Done
            : throw new ReplayException(
                $"The store already holds {held.Done} of the {held.Invoices} invoices of another file, {held.File} (SHA-256 {held.ContentHash[..12]}…); "
                + $"{file} (SHA-256 {plan.ContentHash[..12]}…) needs a store of its own.");
    }

    /// <summary>Moves on, in the transaction of <paramref name="connection"/>.</summary>
    public static async Task MoveAsync(NpgsqlConnection connection, int from, int to, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "update bookkeeping.checkpoints set position = $3, changed = now() where name = $1 and position = $2", connection);
        command.Parameters.AddWithValue(Name);
        command.Parameters.AddWithValue((long)from);
        command.Parameters.AddWithValue((long)to);
        if (await command.ExecuteNonQueryAsync(cancellation) == 0) throw AnotherImportRuns();
    }

    /// <summary>What is told when the checkpoint or the streams of a chunk were written by somebody else meanwhile.</summary>
    public static ReplayException AnotherImportRuns() => new("Another import is running on this store; this one wrote nothing more.");
}
