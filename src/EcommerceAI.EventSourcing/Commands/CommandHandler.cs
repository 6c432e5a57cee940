using System.Collections.Concurrent;
using System.Text.Json;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Commands;

/// <summary>
/// Carries out commands: load, decide, append with the receipt in one transaction; again from the start, a bounded number of
/// times, when another writer was faster. The same key and request get the first answer again, a rejection too.
/// </summary>
/// <param name="store">The event store.</param>
/// <param name="receipts">The answers that keys got.</param>
/// <param name="snapshots">States whose streams get long, to be folded from a snapshot; none by default.</param>
public sealed class CommandHandler(EventStore store, Receipts receipts, IEnumerable<SnapshotPolicy>? snapshots = null) : IDisposable
{
    private const int MostAttempts = 16;

    private readonly StateCache _cache = new(store, [.. snapshots ?? []]);
    private readonly HotStreams _hot = new();
    private readonly ConcurrentDictionary<(string, string), byte> _inFlight = new();

    /// <summary>Carries out a command.</summary>
    /// <param name="context">Who asks, and under which key.</param>
    /// <param name="decide">
    /// Loads what it needs, decides and appends to the session. It may run several times and must have no other effect.
    /// </param>
    /// <param name="cancellation">Gives up while nothing is on its way to the server.</param>
    public async Task<CommandOutcome> HandleAsync(
        CommandContext context, Func<CommandSession, Task<CommandDecision>> decide, CancellationToken cancellation = default)
    {
        if (context.IdempotencyKey is not { } key) return await AttemptAsync(context, decide, cancellation);
        if (!_inFlight.TryAdd((context.Principal, key), 0)) return new CommandOutcome.InFlight();
        try
        {
            return await receipts.FindAsync(context, key, cancellation) ?? await AttemptAsync(context, decide, cancellation);
        }
        finally
        {
            _inFlight.TryRemove((context.Principal, key), out _);
        }
    }

    /// <summary>A stream's state as it is known here, read from the log where it is not: another node may have moved it since.</summary>
    /// <typeparam name="TState">The state.</typeparam>
    /// <param name="streamId">The stream's key.</param>
    /// <param name="initial">The state before the first event.</param>
    /// <param name="evolve">Pure fold of one event record into the state.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<TState> PeekAsync<TState>(
        string streamId, TState initial, Func<TState, object, TState> evolve, CancellationToken cancellation = default)
        where TState : notnull =>
        (_cache.TryGet<TState>(streamId, out var known) ? known : await _cache.LoadAsync(streamId, initial, evolve, cancellation)).State;

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache.Dispose();
        _hot.Dispose();
    }

    private async Task<CommandOutcome> AttemptAsync(
        CommandContext context, Func<CommandSession, Task<CommandDecision>> decide, CancellationToken cancellation)
    {
        var lost = "";
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (attempt > 1) await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1 << Math.Min(attempt, 6))), cancellation);
            using var session = new CommandSession(_cache, _hot, attempt > 0, cancellation);
            var decision = await decide(session);
            var outcome = session.Mismatch ?? Describe(session, decision);
            lost = session.OwnStreamId;
            if (session.IsEmptyHanded || outcome is not CommandOutcome.Accepted) session.LeaveEmptyHanded();
            if (!await session.HoldsAsync(appends: outcome is CommandOutcome.Accepted)) continue;
            if (outcome is CommandOutcome.VersionMismatch) return outcome;

            switch (await AppendAsync(context, session, outcome, cancellation))
            {
                case AppendResult.Appended appended:
                    return outcome is CommandOutcome.Accepted accepted ? accepted with { Position = appended.Position } : outcome;
                case AppendResult.StreamArchived archived:
                    return new CommandOutcome.StreamArchived(archived.StreamId);
                case AppendResult.ReceiptExists when context.IdempotencyKey is { } taken
                    && await receipts.FindAsync(context, taken, cancellation) is { } first:
                    return first;
                case AppendResult.VersionConflict conflict:
                    lost = conflict.StreamId;
                    break;
            }
        }

        return new CommandOutcome.Contended(lost);
    }

    /// <summary>Takes the append's place in the queue, lets the next command decide on what will come of it, and waits for the outcome.</summary>
    private async Task<AppendResult> AppendAsync(
        CommandContext context, CommandSession session, CommandOutcome outcome, CancellationToken cancellation)
    {
        var accepted = outcome is CommandOutcome.Accepted;
        var receipt = context.IdempotencyKey is { } key
            ? new NewReceipt(context.Principal, key, context.RequestHash, StoredOutcome.From(outcome))
            : null;
        var request = new AppendRequest(accepted ? session.Streams : [], context.Metadata, receipt);
        var append = await store.EnqueueAsync(request, accepted ? session.After : [], cancellation);
        if (accepted) session.Leave(append);
        try
        {
            return await AppendQueue.OutcomeAsync(append, cancellation);
        }
        finally
        {
            if (accepted) session.Settle(append);
        }
    }

    private static CommandOutcome Describe(CommandSession session, CommandDecision decision) =>
        decision.Rejections.Count > 0
            ? new CommandOutcome.Rejected(decision.Rejections)
            : new CommandOutcome.Accepted(
                session.OwnVersion, 0, decision.Reply is null ? null : JsonSerializer.SerializeToElement(decision.Reply, EventSerializer.Options));
}
