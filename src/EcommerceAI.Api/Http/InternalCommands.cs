using EcommerceAI.Api.Security;
using EcommerceAI.EventSourcing.Commands;

namespace EcommerceAI.Api.Http;

/// <summary>Commands that nobody sent over HTTP: those of timers and subscriptions, which bear repetition by themselves.</summary>
internal static class InternalCommands
{
    /// <summary>Carries a command out; where it could not be, the caller is to try again later.</summary>
    /// <param name="handler">The command handler.</param>
    /// <param name="decide">Loads, decides and appends; it may run several times.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">It was not accepted.</exception>
    public static async Task HandleOrThrowAsync(
        this CommandHandler handler, Func<CommandSession, Task<CommandDecision>> decide, CancellationToken cancellation)
    {
        var outcome = await handler.HandleAsync(new CommandContext(Caller.System, null, []), decide, cancellation);
        // An archived stream has nothing left to be done.
        if (outcome is not (CommandOutcome.Accepted or CommandOutcome.StreamArchived)) throw new InvalidOperationException($"Not carried out: {outcome}");
    }
}
