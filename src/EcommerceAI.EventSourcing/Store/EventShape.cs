using System.Text.Json;
using System.Text.Json.Nodes;
using EcommerceAI.EventSourcing.Privacy;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>What a name in the log means today.</summary>
/// <param name="Name">The name in the log.</param>
/// <param name="Type">The record that is made of it.</param>
/// <param name="Upcasts">The steps from its shape to the record's, in order; none for today's shape.</param>
/// <param name="Personal">Its sealed fields.</param>
internal sealed record EventShape(string Name, Type Type, IReadOnlyList<Upcaster> Upcasts, IReadOnlyList<PersonalField> Personal)
{
    /// <summary>Makes the record: opens what is sealed where it was sealed, then walks to today's shape.</summary>
    public object Read(ReadOnlySpan<byte> json, SubjectKeyRing? keys)
    {
        var isSealed = Personal.Count > 0 && SealedText.Occurs(json);
        if (!isSealed && Upcasts.Count == 0)
            return JsonSerializer.Deserialize(json, Type, EventSerializer.Options) ?? throw IsNull();
        var node = JsonNode.Parse(json) as JsonObject ?? throw new JsonException($"The event '{Name}' is no JSON object.");
        if (isSealed)
        {
            foreach (var field in Personal) field.Open(node, keys);
        }

        foreach (var upcaster in Upcasts) node = upcaster.Apply(node);
        return node.Deserialize(Type, EventSerializer.Options) ?? throw IsNull();
    }

    private JsonException IsNull() => new($"The event '{Name}' is null.");
}
