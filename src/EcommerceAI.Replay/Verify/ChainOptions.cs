using System.CommandLine;
using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Verify;

/// <summary>Where the chain's keys and published heads lie, for every verb that seals or checks.</summary>
internal static class ChainOptions
{
    /// <summary>The file of heads outside the database.</summary>
    public static Option<string?> Heads() => new("--heads")
    {
        Description = "File of the heads that are kept outside the database; default: chain/heads.ndjson in the data folder.",
    };

    /// <summary>The chain of an open store.</summary>
    /// <param name="open">The store.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="heads">The option made by <see cref="Heads"/>, or null for a verb without it.</param>
    public static EventChain ChainOf(OpenStore open, ParseResult parsed, Option<string?>? heads = null) =>
        new(open.Store, EventChain.FolderIn(StoreOption.FolderOf(parsed)), heads is null ? null : parsed.GetValue(heads));
}
