using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// One step from an older shape of an event to a newer one. The shape is told by the name in the log alone. What only adds an optional
/// field keeps the name. What an older reader would misread gets a new name (<c>order_placed_v2</c>, as Marten writes versioned events),
/// so that a foreign reader meets a type it does not know, instead of a shape it takes for another; nothing is guessed from the JSON,
/// and nothing of ours stands in it. A renamed event is a step that changes nothing.
/// </summary>
/// <param name="From">The older name; no record carries it any more.</param>
/// <param name="To">The newer name, or another older one that has its own step.</param>
/// <param name="Upcast">Pure: the newer JSON of the older. It may change and return what it was given.</param>
internal sealed record Upcaster(string From, string To, Func<JsonObject, JsonObject> Upcast)
{
    /// <summary>Takes the step.</summary>
    /// <exception cref="JsonException">The step failed on this event.</exception>
    public JsonObject Apply(JsonObject json)
    {
        try
        {
            return Upcast(json);
        }
#pragma warning disable CA1031 // Whatever a step throws means that this event cannot be read, and is told as that.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            throw new JsonException($"The step from '{From}' to '{To}' failed: {failure.Message}", failure);
        }
    }
}
