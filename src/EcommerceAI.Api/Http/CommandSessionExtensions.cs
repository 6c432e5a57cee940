using EcommerceAI.Commerce;
using EcommerceAI.EventSourcing.Commands;

namespace EcommerceAI.Api.Http;

/// <summary>Where the domain's deciders meet the store's sessions.</summary>
internal static class CommandSessionExtensions
{
    /// <summary>Loads a state of the domain; an event that this program has no record for leaves it as it was.</summary>
    public static Task<TState> LoadAsync<TState>(
        this CommandSession session, string streamKey, TState initial, Func<TState, DomainEvent, TState> evolve, long? expectedVersion = null)
        where TState : notnull =>
        session.LoadAsync(streamKey, initial, (state, data) => data is DomainEvent @event ? evolve(state, @event) : state, expectedVersion);

    /// <summary>A state as commands have left it here, for a look that decides nothing.</summary>
    public static async Task<TState> PeekAsync<TState>(
        this HttpContext context, string streamKey, TState initial, Func<TState, DomainEvent, TState> evolve)
        where TState : notnull =>
        await context.RequestServices.GetRequiredService<CommandHandler>().PeekAsync(
            streamKey, initial, (state, data) => data is DomainEvent @event ? evolve(state, @event) : state, context.RequestAborted);

    /// <summary>Appends what was decided, and answers with the reply or the rejections.</summary>
    public static CommandDecision Settle(this CommandSession session, string streamKey, Decision decision, Func<object> reply)
    {
        if (decision.Rejections.Count > 0) return decision.Rejections.ToRefusal();
        session.Append(streamKey, decision.Events);
        return CommandDecision.Accept(reply());
    }

    /// <summary>The refusal for these reasons, or an acceptance without a reply where there is none.</summary>
    public static CommandDecision AcceptOrRefuse(IReadOnlyList<Rejection> rejections) =>
        rejections.Count > 0 ? rejections.ToRefusal() : CommandDecision.Accept();

    /// <summary>The refusal for these reasons.</summary>
    public static CommandDecision ToRefusal(this IReadOnlyList<Rejection> rejections) =>
        CommandDecision.Reject([.. rejections.Select(CommandEndpoint.Translate)]);
}
