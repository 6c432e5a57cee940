using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcommerceAI.Api.Http;

/// <summary>Writes a decimal without the zeros that only tell the scale of the column it came from: 12.75, not 12.7500.</summary>
internal sealed class PlainDecimalConverter : JsonConverter<decimal>
{
    /// <summary>Dividing by one at the greatest scale leaves the least scale that holds the value.</summary>
    private const decimal One = 1.0000000000000000000000000000m;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value / One);
}
