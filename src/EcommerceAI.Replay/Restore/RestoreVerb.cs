using System.CommandLine;
using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.AsOf;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Verify;

namespace EcommerceAI.Replay.Restore;

/// <summary><c>restore --from DIR</c>: makes the private cluster anew from a backup, as of a moment or an event, and verifies it.</summary>
public sealed class RestoreVerb : IVerb
{
    /// <summary>The database of the private cluster that holds the store.</summary>
    private const string Database = "ecommerce";

    /// <inheritdoc/>
    public Command Create()
    {
        var from = new Option<string>("--from") { Description = "Folder of the backup.", Required = true };
        var moment = new Option<string?>("--to-moment") { Description = "Restore what was committed by then: an ISO 8601 moment with its offset, as 2026-03-01T12:00:00Z." };
        var position = new Option<long?>("--to-position") { Description = "Restore up to the commit of the event at this position, and no further." };
        var force = new Option<bool>("--force") { Description = "Put the cluster that is in the folder aside." };
        var heads = ChainOptions.Heads();
        var command = new VerbCommand(
            "restore",
            "Makes the private cluster in --data-directory from a backup, then verifies the read models and the chain. Exit code 1 when something differs.",
            new Example("restore --from /backups/shop --to-moment 2026-11-20T12:00:00Z", "The store as it was at a moment."))
        {
            from, moment, position, force, heads,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(moment) is not null && result.GetValue(position) is not null) result.AddError("--to-moment and --to-position exclude each other.");
            if (result.GetValue(moment) is { } text && !IsMoment(text)) result.AddError($"'{text}' is no moment with an offset, as 2026-03-01T12:00:00Z.");
            if (result.GetValue(StoreOption.ConnectionString) is not null) result.AddError("restore makes a private cluster: name its folder with --data-directory, not a --connection.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var data = Path.GetFullPath(StoreOption.FolderOf(parsed));
            var folder = new EmbeddedPostgresBackupFolder(parsed.GetRequiredValue(from));
            var target = new RestoreTarget(parsed.GetValue(moment) is { } text ? MomentOf(text) : null, parsed.GetValue(position));
            Directory.CreateDirectory(data);
            var aside = await new EmbeddedPostgresRestore(folder, Path.Combine(data, "postgres")).RunAsync(target, Database, parsed.GetValue(force), cancellation);
            await Console.Out.WriteLineAsync($"Restored {folder.Directory} into {data}.");
            if (aside is not null) await Console.Out.WriteLineAsync($"The cluster that was there is in {aside}.");
            await using var database = await EventStoreDatabase.OpenAsync(null, data, cancellation);
            await using var open = await OpenStore.OverAsync(database, cancellation);
            var chain = ChainOptions.ChainOf(open, parsed, heads);
            if (await RestoredChain.TakeOverAsync(folder.Chain, EventChain.FolderIn(data), chain, cancellation) is { } told) await Console.Out.WriteLineAsync(told);
            return await VerifyAsync(open, chain, cancellation);
        });
        return command;
    }

    private static async Task<int> VerifyAsync(OpenStore open, EventSourcing.Integrity.EventChain chain, CancellationToken cancellation)
    {
        var mark = await open.Store.HighWater.ReadAsync(cancellation);
        var results = await VerifyVerb.VerifyProjectionsAsync(open, "all", cancellation);
        await VerifyVerb.WriteAsync(results);
        var isSealed = await chain.FindHeadAsync(cancellation) is not null;
        var chainCode = isSealed ? await VerifyVerb.VerifyChainAsync(open, chain, asJson: false, cancellation) : ReplayCommandLine.Success;
        var isClean = chainCode == ReplayCommandLine.Success && results.TrueForAll(result => result.IsEqual);
        await Console.Out.WriteLineAsync(
            $"{(isClean ? "Verified" : "NOT verified")}: the log up to position {mark}, {results.Count} read models{(isSealed ? " and the chain" : "; nothing was sealed in it, so that the chain says nothing")}.");
        return isClean ? ReplayCommandLine.Success : ReplayCommandLine.Failure;
    }

    private static bool IsMoment(string text) => PointArgument.TryParse(text, out var point) && point is StreamPoint.AtMoment;

    private static DateTimeOffset MomentOf(string text) =>
        PointArgument.TryParse(text, out var point) && point is StreamPoint.AtMoment at ? at.Moment : throw new ReplayException($"'{text}' is no moment.");
}
