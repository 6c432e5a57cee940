using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// The shape of a type's JSON: every name and type in it, down to the leaves, and the build of the assemblies that they come from. A
/// fold may give another state from the same events after any change of its code, so every build has a shape of its own.
/// </summary>
internal static class StateShape
{
    /// <summary>SHA-256 of the shape, in hexadecimal.</summary>
    public static string Of(Type type)
    {
        var text = new StringBuilder();
        Write(type, text, []);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void Write(Type type, StringBuilder text, HashSet<Type> seen)
    {
        text.Append(CultureInfo.InvariantCulture, $"{type}@{type.Module.ModuleVersionId}");
        if (!seen.Add(type)) return;
        var shape = EventSerializer.Options.GetTypeInfo(type);
        text.Append(CultureInfo.InvariantCulture, $" {shape.Kind} {{");
        if (shape.KeyType is { } key) Write(key, text, seen);
        if (shape.ElementType is { } element) Write(element, text, seen);
        foreach (var property in shape.Kind == JsonTypeInfoKind.Object ? shape.Properties : [])
        {
            text.Append(CultureInfo.InvariantCulture, $" {property.Name}:");
            Write(property.PropertyType, text, seen);
        }

        text.Append('}');
    }
}
