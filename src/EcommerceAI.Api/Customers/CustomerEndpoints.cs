using EcommerceAI.Api.Http;
using EcommerceAI.Commerce.Customers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Customers;

/// <summary>Commands on customers.</summary>
internal sealed class CustomerEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var customers = api.MapGroup("/customers").WithTags("Customers");
        customers.MapPost("", RegisterAsync).WithName("RegisterCustomer").WithSummary("Makes a customer known.");
    }

    private static Task<Results<CommandCreated<CustomerKnown>, Refused>> RegisterAsync(
        CommandRequest<NewCustomer> request, CommandEndpoint commands) =>
        commands.CreateAsync<NewCustomer, CustomerKnown>(
            request,
            body =>
            {
                var command = new RegisterCustomer(Guid.CreateVersion7().ToString(), body.Country, body.Name, body.Email);
                return new CommandPlan(CustomerDecider.Validate(command), async (session, expected) =>
                {
                    var key = Customer.StreamKey(command.CustomerId);
                    var customer = await session.LoadAsync(key, Customer.Initial, Customer.Evolve, expected);
                    return session.Settle(key, CustomerDecider.Decide(customer, command), () => new CustomerKnown(command.CustomerId));
                });
            },
            known => $"/v1/customers/{known.CustomerId}");
}
