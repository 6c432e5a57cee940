using System.CommandLine;
using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Subscriptions;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Parked;

/// <summary><c>parked list | replay | discard | resume</c>: what subscriptions could not take, and what an operator does about it.</summary>
public sealed class ParkedVerb : IVerb
{
    private const int ReasonLength = 80;

    /// <inheritdoc/>
    public Command Create() => new VerbCommand(
        "parked", "Events that a subscription could not take: lists, replays or discards them, and lets a stopped subscription go on.",
        new Example("parked list", "What is parked, and why."))
    { List(), Replay(), Discard(), Resume() };

    private static VerbCommand List()
    {
        var subscription = Subscription("Only those of this subscription.");
        var limit = ListOptions.Limit(1000, "events");
        var json = JsonOutput.Option("an object a line");
        var command = new VerbCommand(
            "list", "Lists parked events, by subscription and position.",
            new Example("parked list", "What is parked, and why."),
            new Example("parked list --subscription mail --json", "Those of one subscription, for programs."))
        { subscription, limit, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var most = parsed.GetValue(limit);
            var found = await new ParkedEvents(open.Store).ListAsync(parsed.GetValue(subscription), most + 1, cancellation);
            await WriteAsync(found[..Math.Min(most, found.Count)], parsed.GetValue(json));
            if (found.Count > most) await Console.Error.WriteLineAsync($"There are more than {most}: --limit");
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static VerbCommand Replay()
    {
        var subscription = Subscription("Only those of this subscription.");
        var stream = new Option<string?>("--stream") { Description = "Only those of this stream." };
        var command = new VerbCommand(
            "replay", "Delivers parked events again, each stream in order. Exit code 1 when something stays parked.",
            new Example("parked replay", "Everything that is parked."),
            new Example("parked replay --subscription mail --stream order-536365", "One stream of one subscription."))
        { subscription, stream };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            await using var subscriptions = new BuiltSubscriptions(open.Store, ProjectionScan.Assemblies());
            return await new ParkedReplay(open.Store, subscriptions).RunAsync(parsed.GetValue(subscription), parsed.GetValue(stream), cancellation);
        });
        return command;
    }

    private static VerbCommand Discard()
    {
        var subscription = Subscription("The subscription.");
        subscription.Required = true;
        var position = new Option<long>("--position") { Description = "The event's global position.", Required = true };
        var command = new VerbCommand(
            "discard", "Gives up on a parked event: it is never delivered to this subscription, and what follows it in its stream can be replayed.",
            new Example("parked discard --subscription mail --position 1200", "Gives up on one event."))
        { subscription, position };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var (name, at) = (parsed.GetRequiredValue(subscription)!, parsed.GetValue(position));
            if (!await new ParkedEvents(open.Store).DiscardAsync(name, at, cancellation))
                throw new ReplayException($"The subscription '{name}' has no event parked at position {at}.");
            await Console.Out.WriteLineAsync($"{name}: the event at position {at} is discarded. What follows it in its stream stays parked until: parked replay");
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static VerbCommand Resume()
    {
        var shard = new Argument<string>("SHARD") { Description = "What has stopped, as status names it: subscription:mail." };
        var command = new VerbCommand(
            "resume", "Lets what its policy has stopped go on, on whichever node runs it, with the event it stopped at.",
            new Example("parked resume subscription:mail", "After the cause is mended."))
        { shard };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var name = parsed.GetRequiredValue(shard);
            var failures = new ShardFailures(open.Store.Source);
            if (!await failures.ClearAsync(name, cancellation))
            {
                var stopped = (await failures.ListAsync(cancellation)).Select(failure => failure.Shard).ToList();
                throw new ReplayException($"Nothing named '{name}' has stopped. {(stopped.Count == 0 ? "Nothing else has." : $"These have: {string.Join(", ", stopped)}.")}");
            }

            await Console.Out.WriteLineAsync($"{name} goes on.");
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static Option<string?> Subscription(string what) => new("--subscription") { Description = what, HelpName = "NAME" };

    private static async Task WriteAsync(List<ParkedEvent> parked, bool json)
    {
        if (json)
        {
            foreach (var one in parked)
            {
                await JsonOutput.WriteLineAsync(new
                {
                    one.Subscription,
                    one.Event.Position,
                    Stream = one.Event.StreamId,
                    one.Event.Type,
                    one.Reason,
                    one.Attempts,
                    one.Parked,
                });
            }

            return;
        }

        var table = new TextTable().Text("subscription").Number("position").Text("stream").Text("event").Number("attempts").Text("parked").Text("why");
        foreach (var one in parked)
            table.Row(
                one.Subscription, one.Event.Position, one.Event.StreamId, one.Event.Type, one.Attempts, one.Parked,
                TextTable.Shorten(one.Reason ?? "follows the one before", ReasonLength));
        if (table.Rows > 0) table.Write();
        else await Console.Out.WriteLineAsync("Nothing is parked.");
    }
}
