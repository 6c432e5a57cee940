using System.CommandLine;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Archive;

/// <summary><c>archive STREAM…</c>: puts finished streams away.</summary>
public sealed class ArchiveVerb : IVerb
{
    private const int Page = 1000;

    /// <inheritdoc/>
    public Command Create()
    {
        var streams = new Argument<string[]>("STREAM") { Description = "The streams' keys; left out with --category.", Arity = ArgumentArity.ZeroOrMore };
        var category = new Option<string?>("--category") { Description = "Every stream of this category that was not appended to for --older-than." };
        var olderThan = ListOptions.Age("--older-than", "How long ago a stream must have been appended to last");
        var json = JsonOutput.Option("an object a line, one for every stream");
        var command = new VerbCommand(
            "archive", "Archives streams: they take no more events and are left out of projections that are built anew. Exit code 1 when one could not be.",
            new Example("archive order-536365 order-536366", "Two streams."),
            new Example("archive --category order --older-than 730d", "Every order that was left alone for two years."))
        { streams, category, olderThan, json };
        command.Validators.Add(result =>
        {
            var named = result.GetValue(streams) is { Length: > 0 };
            if (named == result.GetValue(category) is not null) result.AddError("Name streams or a --category, one of the two.");
            if (result.IsGiven(category) != result.IsGiven(olderThan)) result.AddError("--category and --older-than go together.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var report = new ArchiveReport("archived", parsed.GetValue(json));
            var archive = new StreamArchive(open.Store);
            if (parsed.GetValue(streams) is { Length: > 0 } named)
            {
                await report.AddAsync(archive.ArchiveAsync([.. named.Distinct(StringComparer.Ordinal).Select(id => new ArchiveRequest(id, ExpectedVersion.Any))], cancellation));
                return await report.EndAsync();
            }

            var filter = new StreamFilter(parsed.GetValue(category), Archived: false, ChangedBefore: DateTimeOffset.UtcNow - parsed.GetValue(olderThan)!.Value);
            for (string? after = null; ;)
            {
                var page = await new StreamQueries(open.Store).ListAsync(filter, after, Page, cancellation);
                // At the version they were found at: whoever appends in between has not finished with the stream.
                await report.AddAsync(archive.ArchiveAsync([.. page.Items.Select(stream => new ArchiveRequest(stream.Id, ExpectedVersion.Exactly(stream.Version)))], cancellation));
                if (page.Next is null) return await report.EndAsync();
                after = page.Next;
            }
        });
        return command;
    }
}
