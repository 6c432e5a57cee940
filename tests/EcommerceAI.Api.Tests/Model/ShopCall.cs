using System.Globalization;
using System.Text.Json.Nodes;

namespace EcommerceAI.Api.Tests.Model;

/// <summary>Something that a client asks of the shop, and what the model says to it.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path with its ids.</param>
/// <param name="Body">Body.</param>
/// <param name="Subjects">The ids of what it touches, for the history of a failure.</param>
internal abstract record ShopCommand(HttpMethod Method, string Path, object Body, params IReadOnlyList<string> Subjects)
{
    /// <summary>What the shop must say as the model stands; changes nothing.</summary>
    /// <param name="shop">The model.</param>
    /// <param name="call">The call with the reply it got: ids and the like that only the server can choose are taken from there.</param>
    public abstract Answer Ask(ModelShop shop, ShopCall call);
}

/// <summary>A command as it was sent, and what came of it.</summary>
/// <param name="Command">The command.</param>
/// <param name="Client">Who sent it.</param>
/// <param name="SentAt">When it was sent first, on a clock that all clients share.</param>
internal sealed record ShopCall(ShopCommand Command, string Client, long SentAt)
{
    /// <summary>When its reply was read.</summary>
    public long AnsweredAt { get; init; }

    /// <summary>How long that took.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>The reply.</summary>
    public required Reply Reply { get; init; }

    /// <summary>How much of the log it certainly saw: what had been answered before it was sent.</summary>
    public int SawAtLeast { get; set; }

    public bool IsAccepted => (int)Reply.Status is >= 200 and <= 299;

    /// <summary>Position of its last event, or null where it has none.</summary>
    public long? Position => IsAccepted && Reply.Headers.Contains("Event-Position") ? Reply.Position : null;

    /// <summary>The text at a place of the reply, such as <c>total.minor</c> or <c>lines.0.sku</c>; null where there is none.</summary>
    public string? Shown(string place)
    {
        JsonNode? node = Reply.Json;
        foreach (var key in place.Split('.'))
        {
            node = node switch
            {
                JsonArray items when int.TryParse(key, CultureInfo.InvariantCulture, out var at) => items.ElementAtOrDefault(at),
                JsonObject members => members[key],
                _ => null,
            };
        }

        return node?.ToString();
    }

    public override string ToString()
    {
        var outcome = IsAccepted ? $"{(int)Reply.Status} {Reply.Body}" : $"{(int)Reply.Status} {Reply.Code}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[{SentAt}-{AnsweredAt}]{(Position is { } position ? $" @{position}" : "")} {Client}: {Command.Method} {Command.Path} {System.Text.Json.JsonSerializer.Serialize(Command.Body)} -> {outcome}");
    }
}
