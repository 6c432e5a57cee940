using System.Text.Json;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Projections.Storefront;

/// <summary>Records as they stand in a column, in the JSON of the log.</summary>
internal static class JsonRows
{
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, EventSerializer.Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, EventSerializer.Options)!;
}
