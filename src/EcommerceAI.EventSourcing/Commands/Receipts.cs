using System.Text.Json;
using EcommerceAI.EventSourcing.Store;
using Npgsql;

namespace EcommerceAI.EventSourcing.Commands;

/// <summary>The answers that idempotency keys got.</summary>
public sealed class Receipts(NpgsqlDataSource source)
{
    /// <summary>How long a key is remembered.</summary>
    public static TimeSpan Retention { get; } = TimeSpan.FromDays(30);

    /// <summary>The answer that this key got before, or null when it is new.</summary>
    /// <param name="context">Who asks; another request under the same key gives <see cref="CommandOutcome.KeyReused"/>.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<CommandOutcome?> FindAsync(CommandContext context, string key, CancellationToken cancellation = default)
    {
        await using var command = source.CreateCommand(
            "select request_hash, outcome, position from bookkeeping.receipts where principal = $1 and key = $2");
        command.Parameters.AddWithValue(context.Principal);
        command.Parameters.AddWithValue(key);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) return null;
        if (!reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(context.RequestHash)) return new CommandOutcome.KeyReused();
        return JsonSerializer.Deserialize<StoredOutcome>(reader.GetFieldValue<byte[]>(1), EventSerializer.Options)!
            .ToOutcome(reader.GetInt64(2));
    }

    /// <summary>Forgets keys past their retention; a key that came back after that is a new one.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many were forgotten.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellation = default)
    {
        await using var command = source.CreateCommand("delete from bookkeeping.receipts where created <= now() - $1");
        command.Parameters.AddWithValue(Retention);
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>An outcome as a receipt keeps it; the position is a column of its own, known only when the events are written.</summary>
internal sealed record StoredOutcome(long Version, JsonElement? Reply, IReadOnlyList<CommandRejection> Rejections)
{
    public static StoredOutcome From(CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Accepted accepted => new StoredOutcome(accepted.Version, accepted.Reply, []),
        CommandOutcome.Rejected rejected => new StoredOutcome(0, null, rejected.Rejections),
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} gets no receipt."),
    };

    public CommandOutcome ToOutcome(long position) =>
        Rejections.Count > 0 ? new CommandOutcome.Rejected(Rejections) : new CommandOutcome.Accepted(Version, position, Reply);
}
