using System.CommandLine;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Events;

/// <summary><c>events</c>: lists events of the whole log; with <c>--follow</c> also those to come.</summary>
public sealed class EventsVerb : IVerb
{
    private readonly Option<string[]> _types = new("--type") { Description = "Only events of this name; may be given several times." };
    private readonly Option<string?> _category = new("--category") { Description = "Only events of streams of this category." };
    private readonly Option<string?> _stream = new("--stream") { Description = "Only events of this stream." };
    private readonly Option<DateTimeOffset?> _from = ListOptions.Moment("--from", "Only events at this moment or later");
    private readonly Option<DateTimeOffset?> _to = ListOptions.Moment("--to", "Only events before this moment");
    private readonly Option<string?> _correlation = new("--correlation") { Description = "Only events with this correlation id." };
    private readonly Option<string?> _causation = new("--causation") { Description = "Only events with this causation id." };
    private readonly Option<long?> _after = new("--after") { Description = "Only events above this position." };
    private readonly Option<long?> _upTo = new("--up-to") { Description = "Only events at this position or below." };
    private readonly Option<string> _archived = ListOptions.Archived();
    private readonly Option<bool> _newest = new("--newest") { Description = "The newest first." };
    private readonly Option<bool> _follow = new("--follow", "-f")
    {
        Description = "Go on with the events that come, until Ctrl-C. Begins with the last --limit events, or after --after.",
    };

    private readonly Option<int> _limit = ListOptions.Limit(50, "events");
    private readonly Option<bool> _json = JsonOutput.Option("an object a line, in the form that export writes");

    /// <inheritdoc/>
    public Command Create()
    {
        var command = new VerbCommand(
            "events", "Lists events of the log.",
            new Example("events --type order_placed --from 2011-06-01T00:00Z --to 2011-07-01T00:00Z", "The orders placed in a month."),
            new Example("events --category stock --newest --limit 10", "The last ten events of any stock."),
            new Example("events --correlation 4f1c --json", "Everything that one request led to, for programs."),
            new Example("events --follow --type order_placed", "Orders as they come in."))
        { _types, _category, _stream, _from, _to, _correlation, _causation, _after, _upTo, _archived, _newest, _follow, _limit, _json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(_follow) && (result.GetValue(_newest) || result.IsGiven(_upTo) || result.IsGiven(_to)))
                result.AddError("--follow goes on without end, in the order of the log: it takes no --newest, --up-to or --to.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var output = new EventOutput(parsed.GetValue(_json));
            try
            {
                if (parsed.GetValue(_follow))
                    await new EventTail(open.Store).FollowAsync(Filter(parsed), parsed.GetValue(_after), parsed.GetValue(_limit), output.WriteLineAsync, cancellation);
                else
                    await output.WriteAsync(
                        await new EventQueries(open.Store).ListAsync(Filter(parsed), parsed.GetValue(_limit), parsed.GetValue(_newest), cancellation));
                return ReplayCommandLine.Success;
            }
            catch (InvalidOperationException lacking)
            {
                throw new ReplayException(lacking.Message);
            }
        });
        return command;
    }

    private EventFilter Filter(ParseResult parsed) => new()
    {
        Types = parsed.GetValue(_types) is { Length: > 0 } types ? types : null,
        Category = parsed.GetValue(_category),
        StreamId = parsed.GetValue(_stream),
        From = parsed.GetValue(_from),
        To = parsed.GetValue(_to),
        CorrelationId = parsed.GetValue(_correlation),
        CausationId = parsed.GetValue(_causation),
        After = parsed.GetValue(_after) ?? 0,
        UpTo = parsed.GetValue(_upTo) ?? long.MaxValue,
        Archived = ListOptions.IsArchived(parsed.GetRequiredValue(_archived)),
    };
}
