using System.CommandLine;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Catalogue;

/// <summary><c>catalogue</c>: the page of all events and commands.</summary>
public sealed class CatalogueVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var command = new VerbCommand(
            "catalogue",
            "Writes the page that names every event and every command, with their fields.",
            new Example("catalogue", "The page in Markdown, as it stands in docs/events.md."));
        command.SetAction(async (_, _) =>
        {
            await Console.Out.WriteAsync(CataloguePage.Write());
            return ReplayCommandLine.Success;
        });
        return command;
    }
}
