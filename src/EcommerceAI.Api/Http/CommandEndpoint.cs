using System.Globalization;
using System.Text.Json;
using EcommerceAI.Commerce;
using EcommerceAI.EventSourcing.Commands;
using EcommerceAI.EventSourcing.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Http;

/// <summary>What a context makes of a request: a command whose fields were looked at, and how it is decided.</summary>
/// <param name="Rejections">What is wrong with the command's own fields; anything here and nothing is carried out.</param>
/// <param name="Decide">
/// Loads the command's own stream first, at the expected version it is given, and decides. It may run several times. Its reply is
/// kept with the receipt, so nothing personal belongs in it.
/// </param>
internal sealed record CommandPlan(IReadOnlyList<Rejection> Rejections, Func<CommandSession, long?, Task<CommandDecision>> Decide);

/// <summary>What is added to a plan.</summary>
internal static class CommandPlans
{
    /// <summary>The plan, refused where something more stands against it.</summary>
    public static CommandPlan Unless(this CommandPlan plan, IReadOnlyList<Rejection> rejections) =>
        rejections.Count == 0 ? plan : plan with { Rejections = [.. plan.Rejections, .. rejections] };

    /// <summary>The plan, with a field of the command, and what is below it, named as the body has it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="field">The command's field.</param>
    /// <param name="inBody">The body's, or empty where the body is what the field holds.</param>
    public static CommandPlan Naming(this CommandPlan plan, string field, string inBody) =>
        plan with { Rejections = [.. plan.Rejections.Select(rejection => rejection with { Field = Renamed(rejection.Field, field, inBody) })] };

    private static string? Renamed(string? path, string field, string inBody)
    {
        if (path == field) return inBody;
        return path?.StartsWith($"{field}.", StringComparison.Ordinal) == true ? $"{inBody}{path[field.Length..]}".TrimStart('.') : path;
    }
}

/// <summary>Carries out commands that come over HTTP and words what became of them.</summary>
internal sealed class CommandEndpoint(CommandHandler handler)
{
    /// <summary>A command that makes something new.</summary>
    /// <typeparam name="TBody">The request's body.</typeparam>
    /// <typeparam name="TReply">The reply's body.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="plan">Makes the command of the body.</param>
    /// <param name="location">Path of what was made.</param>
    /// <param name="then">What goes on once it is durable, and what it makes of the reply; the receipt keeps the reply before it. Null for nothing.</param>
    public async Task<Results<CommandCreated<TReply>, Refused>> CreateAsync<TBody, TReply>(
        CommandRequest<TBody> request, Func<TBody, CommandPlan> plan, Func<TReply, string> location, Func<TReply, Task<TReply>>? then = null)
        where TBody : class
    {
        var (accepted, refused) = await RunAsync<TBody, TReply>(request, plan);
        if (accepted is null) return refused!;
        if (then is not null) accepted = accepted with { Body = await then(accepted.Body) };
        return new CommandCreated<TReply>(accepted, location(accepted.Body));
    }

    /// <summary>A command that changes something.</summary>
    /// <typeparam name="TBody">The request's body.</typeparam>
    /// <typeparam name="TReply">The reply's body.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="plan">Makes the command of the body.</param>
    public async Task<Results<CommandDone<TReply>, Refused>> ChangeAsync<TBody, TReply>(
        CommandRequest<TBody> request, Func<TBody, CommandPlan> plan)
        where TBody : class
    {
        var (accepted, refused) = await RunAsync<TBody, TReply>(request, plan);
        return accepted is null ? refused! : new CommandDone<TReply>(accepted);
    }

    private async Task<(Acceptance<TReply>? Accepted, Refused? Refused)> RunAsync<TBody, TReply>(
        CommandRequest<TBody> request, Func<TBody, CommandPlan> planOf)
        where TBody : class
    {
        if (request.Refusal is { } unreadable) return (null, new Refused(unreadable));
        var plan = planOf(request.Body!);
        // A fault in the fields follows from the body alone, so the same body gets the same answer without a receipt, and the
        // key stays free for the mended one.
        if (plan.Rejections.Count > 0) return (null, new Refused(ProblemOf([.. plan.Rejections.Select(Translate)])));

        CommandDecision? decided = null;
        var outcome = await HandleAsync(request, async (session, expected) => decided = await plan.Decide(session, expected));
        return outcome switch
        {
            CommandOutcome.Accepted accepted => (
                new Acceptance<TReply>(
                    accepted.Reply!.Value.Deserialize<TReply>(EventSerializer.Options)!, accepted.Version, accepted.Position, decided is null),
                null),
            CommandOutcome.Rejected rejected => (null, Word(rejected, replayed: decided is null)),
            CommandOutcome.VersionMismatch { Actual: 0 } when decided is { Rejections: [{ Kind: nameof(RejectionKind.NotFound) }, ..] missing } =>
                (null, new Refused(ProblemOf(missing))),
            _ => (null, Word(outcome)),
        };
    }

    /// <summary>
    /// The handler knows one expected version, <c>If-Match</c> may list several: the first is tried, and the one that the stream
    /// turned out to be at. A mismatch leaves no receipt, so the second try is a first one.
    /// </summary>
    private async Task<CommandOutcome> HandleAsync<TBody>(
        CommandRequest<TBody> request, Func<CommandSession, long?, Task<CommandDecision>> decide)
        where TBody : class
    {
        var versions = request.IfMatch.Versions;
        long? expected = versions.Count == 0 ? null : versions[0];
        var outcome = await handler.HandleAsync(request.Context, session => decide(session, expected), request.Aborted);
        return outcome is CommandOutcome.VersionMismatch mismatch && mismatch.Actual != expected && versions.Contains(mismatch.Actual)
            ? await handler.HandleAsync(request.Context, session => decide(session, mismatch.Actual), request.Aborted)
            : outcome;
    }

    private static Refused Word(CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.VersionMismatch mismatch => new Refused(
            Problems.Result(
                StatusCodes.Status412PreconditionFailed, "version_mismatch",
                string.Create(CultureInfo.InvariantCulture, $"The resource is at version {mismatch.Actual}, which If-Match does not name; read it again.")),
            ("ETag", EntityTags.Of(mismatch.Actual))),
        CommandOutcome.StreamArchived => new Refused(
            Problems.Result(StatusCodes.Status409Conflict, "archived", "The resource is archived and takes no more commands.")),
        CommandOutcome.KeyReused => new Refused(
            Problems.Result(
                StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused",
                $"This {Headers.IdempotencyKey} was used for another request (method, path or body differ).")),
        CommandOutcome.InFlight => new Refused(
            Problems.Result(
                StatusCodes.Status409Conflict, "idempotency_key_in_flight", $"A request with this {Headers.IdempotencyKey} is being worked on right now."),
            ("Retry-After", "1")),
        CommandOutcome.Contended => new Refused(
            Problems.Result(
                StatusCodes.Status503ServiceUnavailable, "contended", "Too many others changed the same resource at this moment; nothing was done."),
            ("Retry-After", "1")),
        _ => throw new InvalidOperationException($"No wording for {outcome.GetType().Name}."),
    };

    private static Refused Word(CommandOutcome.Rejected rejected, bool replayed) => replayed
        ? new Refused(ProblemOf(rejected.Rejections), (Headers.IdempotencyReplayed, "true"))
        : new Refused(ProblemOf(rejected.Rejections));

    private static ProblemHttpResult ProblemOf(IReadOnlyList<CommandRejection> rejections)
    {
        var errors = new FieldErrors();
        foreach (var rejection in rejections.Where(rejection => rejection.Field is not null))
            errors.Add(rejection.Field!, rejection.Code, rejection.Message);
        if (rejections.Any(rejection => rejection.Kind == nameof(RejectionKind.Invalid)))
            return Problems.Result(
                StatusCodes.Status422UnprocessableEntity, "invalid_fields", "Some fields cannot be accepted; errors names each one.", errors);
        var first = rejections[0];
        return Problems.Result(
            first.Kind == nameof(RejectionKind.NotFound) ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict,
            first.Code, first.Message, errors);
    }

    /// <summary>A rejection of the domain as the store keeps it.</summary>
    /// <param name="rejection">The rejection.</param>
    internal static CommandRejection Translate(Rejection rejection) =>
        new(rejection.Code, rejection.Message, rejection.Field, rejection.Kind.ToString());
}
