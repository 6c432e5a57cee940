using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Fulfilment;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Fulfilment;

/// <summary>A way of delivery to offer.</summary>
/// <param name="Name">What shoppers read, 1 to 200 characters.</param>
/// <param name="Price">What it costs, before promotions.</param>
/// <param name="Countries">Where it goes, as addresses write it; none for everywhere.</param>
/// <param name="FreeFrom">From which amount of goods on it costs nothing, in minor units of the price's currency; null for never.</param>
public sealed record NewDeliveryOption(string Name, UnitPrice Price, IReadOnlyList<string>? Countries = null, long? FreeFrom = null);

/// <summary>A way of delivery is offered.</summary>
/// <param name="OptionId">The option's id.</param>
public sealed record DeliveryOptionStanding(string OptionId);

/// <summary>Commands on delivery options.</summary>
internal sealed class DeliveryOptionEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api) =>
        api.MapPost("/delivery-options/{option}", OfferAsync).WithTags("Fulfilment").Allow(Roles.Operator).WithName("OfferDeliveryOption")
            .WithSummary("Offers a way of delivery, or offers it on other terms.");

    private static Task<Results<CommandDone<DeliveryOptionStanding>, Refused>> OfferAsync(
        string option, CommandRequest<NewDeliveryOption> request, CommandEndpoint commands) =>
        commands.ChangeAsync<NewDeliveryOption, DeliveryOptionStanding>(request, body =>
        {
            if (!LocationFormat.IsWellFormed(option)) return Missing.Plan("unknown_delivery_option", $"{option} is no id of a delivery option.");
            var offer = new DeliveryOptionOffered(option, body.Name.Trim(), body.Price, [.. (body.Countries ?? []).Select(country => country.Trim())], body.FreeFrom);
            return new(DeliveryOption.Validate(offer), async (session, expected) =>
            {
                var key = DeliveryOption.StreamKey(option);
                await session.LoadAsync(key, DeliveryOption.Initial, DeliveryOption.Evolve, expected);
                return session.Settle(key, Decision.Accept(offer), () => new DeliveryOptionStanding(option));
            });
        });
}
