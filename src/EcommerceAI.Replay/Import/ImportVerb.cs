using System.CommandLine;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Import;

/// <summary><c>import FORM FILE</c>: brings data from elsewhere in.</summary>
public sealed class ImportVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var command = new VerbCommand(
            "import", "Brings data from elsewhere in.",
            new Example("import online-retail year.csv.gz", "A year of invoice lines becomes events and read models."),
            new Example("import ndjson store.ndjson.gz", "What export wrote, to the letter."));
        foreach (var form in ReplayCommandLine.Find<IImport>()) command.Add(form.Create());
        return command;
    }
}
