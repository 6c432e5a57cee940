using System.Globalization;

namespace EcommerceAI.Replay.OnlineRetail.Generation;

/// <summary>A line of the invented year.</summary>
/// <param name="Invoice">Invoice number.</param>
/// <param name="Code">Stock code.</param>
/// <param name="Description">Title or remark.</param>
/// <param name="Quantity">Signed.</param>
/// <param name="Moment">Local time.</param>
/// <param name="Pence">Price of one unit.</param>
/// <param name="Customer">Customer number, empty for a guest.</param>
/// <param name="Country">Country.</param>
internal sealed record InventedLine(
    string Invoice, string Code, string Description, int Quantity, DateTime Moment, int Pence, string Customer, string Country)
{
    /// <summary>Writes the line in the file's form.</summary>
    public void WriteTo(TextWriter text)
    {
        var description = Description.Contains(',', StringComparison.Ordinal) ? $"\"{Description}\"" : Description;
        text.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{Invoice},{Code},{description},{Quantity},{Moment:yyyy-MM-dd HH:mm:ss},{Pence / 100m:0.00},{Customer},{Country}\n"));
    }
}
