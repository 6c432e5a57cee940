using System.CommandLine;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.EventSourcing.Commands;
using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Import;

namespace EcommerceAI.Replay.Privacy;

/// <summary><c>forget CUSTOMER</c>: destroys the key of all that is personal of a customer; what was bought stays.</summary>
public sealed class ForgetVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var customer = new Argument<string>("CUSTOMER") { Description = "The customer's id, for example 17850." };
        var reference = new Option<string?>("--reference") { Description = "The request's id in your own records; it is kept in the log." };
        var command = new VerbCommand(
            "forget",
            "Forgets who a customer is, for ever: events and totals stay, name, mail and address are gone. Example: forget 17850 --reference DSR-7",
            new Example("forget 17850", "Forgets a customer for good."))
        {
            customer, reference,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            return await RunAsync(open, new ForgetCustomer(parsed.GetRequiredValue(customer), parsed.GetValue(reference)), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(OpenStore open, ForgetCustomer command, CancellationToken cancellation)
    {
        if (CustomerDecider.Validate(command) is [var wrong, ..]) throw new ReplayException(wrong.Message);
        await AppendAsync(open, command, cancellation);
        // The event is durable: from here on nobody gives up, and whatever fails is finished by the next host that starts.
        await open.Store.Keys.DestroyAsync(CustomersContext.Person, command.CustomerId, CancellationToken.None);
        await Console.Out.WriteLineAsync($"Customer {command.CustomerId} is forgotten: the key is destroyed.");

        IProjection[] projections = [.. OpenStore.Projections.Where(projection => projection.Handles.Contains(typeof(CustomerForgotten)))];
        var forgetting = new Forgetting(open.Store, projections);
        await forgetting.DestroyKeysAsync(cancellation);
        await new CatchUp(open.Store, projections).RunAsync(null, cancellation);
        if (!await forgetting.ScrubAsync(cancellation))
            throw new ReplayException(
                "An older transaction (a backup, a long query) or a read model that is behind still holds dead rows of it. They are rewritten within the hour where the API runs, or by the same command again.");
        await Console.Out.WriteLineAsync(
            "Read models have dropped it and their tables were rewritten. The server's write-ahead log and older backups hold it until they are recycled.");
        return ReplayCommandLine.Success;
    }

    private static async Task AppendAsync(OpenStore open, ForgetCustomer command, CancellationToken cancellation)
    {
        using var handler = new CommandHandler(open.Store, new Receipts(open.Store.Source));
        var outcome = await handler.HandleAsync(
            new CommandContext("operator", null, []),
            async session =>
            {
                var key = Customer.StreamKey(command.CustomerId);
                var customer = await session.LoadAsync(
                    key, Customer.Initial, (state, data) => data is DomainEvent @event ? Customer.Evolve(state, @event) : state);
                var decision = CustomerDecider.Decide(customer, command);
                if (decision.Rejection is { } no) return CommandDecision.Reject(new CommandRejection(no.Code, no.Message));
                session.Append(key, decision.Events);
                return CommandDecision.Accept();
            },
            cancellation);
        if (outcome is CommandOutcome.Rejected rejected) throw new ReplayException(rejected.Rejections[0].Message);
        if (outcome is not CommandOutcome.Accepted) throw new ReplayException($"Customer {command.CustomerId} could not be forgotten ({outcome.GetType().Name}); nothing was done.");
    }
}
