using System.CommandLine;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Generate;

namespace EcommerceAI.Replay.Import;

/// <summary>
/// <c>fill</c>: gives an empty store a year to show, and finishes a filling that was stopped. A store that holds anything else is
/// left as it is.
/// </summary>
public sealed class FillVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var data = new Option<string?>("--data") { Description = "The file to fill it from; default: the real year beside the repository, else a generated one." };
        var command = new VerbCommand(
            "fill", "Fills an empty store with a year of trade; does nothing to a store that holds events.",
            new Example("fill", "The real year where its file is there, else a generated one."),
            new Example("fill --data year.csv.gz", "From a file."))
        { data };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            if (await ImportCheckpoint.FindAsync(open.Store.Source, cancellation) is { } held)
            {
                if (held.Done == held.Invoices) return await TellAsync($"The store holds {held.File}; nothing is imported.");
            }
            else if (await open.Store.HighWater.ReadAsync(cancellation) > 0)
            {
                return await TellAsync("The store holds events already; nothing is imported.");
            }

            var file = parsed.GetValue(data) ?? RealYear.Find() ?? GeneratedYear.EnsureFile(StoreOption.FolderOf(parsed));
            return await new RetailImport(open).RunAsync(file, cancellation);
        });
        return command;
    }

    private static async Task<int> TellAsync(string line)
    {
        await Console.Error.WriteLineAsync(line);
        return ReplayCommandLine.Success;
    }
}
