using System.Text.Json;

namespace EcommerceAI.EventSourcing.Commands;

/// <summary>A business "no".</summary>
/// <param name="Code">Stable machine-readable reason.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Field">The command's field at fault, as a path, or null.</param>
/// <param name="Kind">What sort of "no" it is, in the caller's own words; kept with the receipt, not looked at here.</param>
public sealed record CommandRejection(string Code, string Message, string? Field = null, string? Kind = null);

/// <summary>What a command decided: accepted, with a reply, or refused.</summary>
/// <param name="Reply">What the caller is told beside version and position; kept with the receipt, so nothing personal.</param>
/// <param name="Rejections">Why it was refused; empty when it was accepted.</param>
public sealed record CommandDecision(object? Reply, IReadOnlyList<CommandRejection> Rejections)
{
    /// <summary>Accepted.</summary>
    /// <param name="reply">See <see cref="Reply"/>.</param>
    public static CommandDecision Accept(object? reply = null) => new(reply, []);

    /// <summary>Refused.</summary>
    /// <param name="rejections">Every reason, one or more.</param>
    public static CommandDecision Reject(params IReadOnlyList<CommandRejection> rejections) => new(null, rejections);
}

/// <summary>What became of a command.</summary>
public abstract record CommandOutcome
{
    private CommandOutcome()
    {
    }

    /// <summary>Accepted and durable.</summary>
    /// <param name="Version">Version of the command's own stream after it.</param>
    /// <param name="Position">Global position of its last event; where it changed nothing, 0.</param>
    /// <param name="Reply">The decision's reply as JSON, or null.</param>
    public sealed record Accepted(long Version, long Position, JsonElement? Reply) : CommandOutcome;

    /// <summary>Refused by the business; nothing changed.</summary>
    /// <param name="Rejections">Every reason.</param>
    public sealed record Rejected(IReadOnlyList<CommandRejection> Rejections) : CommandOutcome;

    /// <summary>The stream is not at the version that the caller named; nothing changed.</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Expected">The version that the caller named.</param>
    /// <param name="Actual">The version it has.</param>
    public sealed record VersionMismatch(string StreamId, long Expected, long Actual) : CommandOutcome;

    /// <summary>The stream is archived; nothing changed.</summary>
    /// <param name="StreamId">The stream.</param>
    public sealed record StreamArchived(string StreamId) : CommandOutcome;

    /// <summary>The idempotency key was used for another request before; nothing changed.</summary>
    public sealed record KeyReused : CommandOutcome;

    /// <summary>A request with this key is being worked on right now; nothing changed by this one.</summary>
    public sealed record InFlight : CommandOutcome;

    /// <summary>So many others changed the same streams that every attempt lost; nothing changed, a later try may pass.</summary>
    /// <param name="StreamId">The stream that was lost last.</param>
    public sealed record Contended(string StreamId) : CommandOutcome;
}

/// <summary>Who asks for what, as far as the handler must know.</summary>
/// <param name="Principal">The scope of the idempotency key; an opaque id.</param>
/// <param name="IdempotencyKey">The key, or null for a request that may be carried out twice.</param>
/// <param name="RequestHash">SHA-256 over method, path and body.</param>
/// <param name="Metadata">Written with each event.</param>
public sealed record CommandContext(string Principal, string? IdempotencyKey, byte[] RequestHash, Store.EventMetadata? Metadata = null);
