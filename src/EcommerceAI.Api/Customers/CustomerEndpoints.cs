using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.EventSourcing.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Customers;

/// <summary>Commands on customers.</summary>
internal sealed class CustomerEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var customers = api.MapGroup("/customers").WithTags("Customers");
        customers.MapPost("", RegisterAsync).Allow(Roles.Everybody).WithName("RegisterCustomer").WithSummary("Makes a customer known.");
        customers.MapPost("/{id}/forget", ForgetAsync).AllowOwner(Roles.Operator, CustomerOwnership.Of).WithName("ForgetCustomer")
            .WithSummary("Forgets who a customer is, for ever; orders and their totals stay.");
    }

    private static Task<Results<CommandCreated<CustomerKnown>, Refused>> RegisterAsync(
        CommandRequest<NewCustomer> request, CommandEndpoint commands) =>
        commands.CreateAsync<NewCustomer, CustomerKnown>(
            request,
            body =>
            {
                var command = new RegisterCustomer(Guid.CreateVersion7().ToString(), body.Country, body.Name, body.Email, body.Address);
                return new CommandPlan(CustomerDecider.Validate(command), async (session, expected) =>
                {
                    var key = Customer.StreamKey(command.CustomerId);
                    var customer = await session.LoadAsync(key, Customer.Initial, Customer.Evolve, expected);
                    return session.Settle(key, CustomerDecider.Decide(customer, command), () => new CustomerKnown(command.CustomerId));
                });
            },
            known => $"/v1/customers/{known.CustomerId}");

    private static async Task<Results<CommandDone<CustomerIsForgotten>, Refused>> ForgetAsync(
        string id, CommandRequest<ForgettingRequest> request, CommandEndpoint commands, EventStore store)
    {
        var answer = await commands.ChangeAsync<ForgettingRequest, CustomerIsForgotten>(request, body => PlanToForget(id, body));
        // The event first, then the key: what is interrupted between the two is finished from the log, at the latest by the next start.
        if (answer.Result is CommandDone<CustomerIsForgotten>) await store.Keys.DestroyAsync(CustomersContext.Person, id, CancellationToken.None);
        return answer;
    }

    private static CommandPlan PlanToForget(string id, ForgettingRequest body)
    {
        if (!IdFormat.IsWellFormed(id)) return Missing.Plan("unknown_customer", $"There is no customer {id}.");
        var command = new ForgetCustomer(id, body.Reference);
        return new CommandPlan(CustomerDecider.Validate(command), async (session, expected) =>
        {
            var key = Customer.StreamKey(id);
            var customer = await session.LoadAsync(key, Customer.Initial, Customer.Evolve, expected);
            return session.Settle(key, CustomerDecider.Decide(customer, command), () => new CustomerIsForgotten(id));
        });
    }
}
