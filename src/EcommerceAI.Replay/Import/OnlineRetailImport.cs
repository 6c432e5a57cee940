using System.CommandLine;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Import;

/// <summary><c>import online-retail FILE</c>: a year of a retailer's invoice lines becomes events and read models.</summary>
public sealed class OnlineRetailImport : IImport
{
    /// <inheritdoc/>
    public Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A .csv or .csv.gz with InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country." };
        var command = new VerbCommand(
            "online-retail", "Imports a year of invoice lines. It can be stopped at any moment and started again.",
            new Example("import online-retail year.csv.gz", "Goes on where an import of the same file was stopped."))
        { file };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            return await new RetailImport(open).RunAsync(parsed.GetRequiredValue(file), cancellation);
        });
        return command;
    }
}
