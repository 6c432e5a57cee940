using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Fulfilment;
using EcommerceAI.EventSourcing.Commands;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Carts;

/// <summary>What a buyer says on the way from cart to order.</summary>
internal sealed class CheckoutEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var carts = api.MapGroup("/carts/{id}").WithTags("Checkout");
        carts.MapPut("/address", AddressAsync).AllowOwner(Roles.Staff, CartOwnership.Of).WithName("GiveAddress").WithSummary("Says where the order goes and to whom.");
        carts.MapPut("/note", NoteAsync).AllowOwner(Roles.Staff, CartOwnership.Of).WithName("GiveNote").WithSummary("Adds a note to the order, or takes it back.");
        carts.MapPut("/delivery", DeliveryAsync).AllowOwner(Roles.Staff, CartOwnership.Of).WithName("ChooseDelivery").WithSummary("Chooses how the order is delivered.");
        carts.MapPut("/payment", PaymentAsync).AllowOwner(Roles.Staff, CartOwnership.Of).WithName("ChoosePayment").WithSummary("Chooses how the order is paid; nothing is held before it is placed.");
        carts.MapPut("/coupons", CouponsAsync).AllowOwner(Roles.Staff, CartOwnership.Of).WithName("EnterCoupons").WithSummary("Says which coupon codes are to count.");
    }

    private static Task<Results<CommandDone<CheckoutStanding>, Refused>> AddressAsync(
        string id, CommandRequest<CheckoutAddress> request, CommandEndpoint commands) =>
        commands.ChangeAsync<CheckoutAddress, CheckoutStanding>(
            request, body => PlanFor(new GiveAddress(id, body.Name, body.Email, body.Address, body.Country)));

    private static Task<Results<CommandDone<CheckoutStanding>, Refused>> NoteAsync(
        string id, CommandRequest<CheckoutNote> request, CommandEndpoint commands) =>
        commands.ChangeAsync<CheckoutNote, CheckoutStanding>(request, body => PlanFor(new GiveNote(id, body.Note)));

    private static Task<Results<CommandDone<CheckoutStanding>, Refused>> DeliveryAsync(
        string id, CommandRequest<CheckoutDelivery> request, CommandEndpoint commands) =>
        commands.ChangeAsync<CheckoutDelivery, CheckoutStanding>(request, body => PlanFor(new ChooseDelivery(id, body.OptionId), async session =>
        {
            var option = await session.LoadAsync(DeliveryOption.StreamKey(body.OptionId), DeliveryOption.Initial, DeliveryOption.Evolve);
            return option.Terms is null
                ? new Rejection("unknown_delivery_option", $"There is no delivery option {body.OptionId}.", "optionId", RejectionKind.Invalid)
                : null;
        }));

    private static Task<Results<CommandDone<CheckoutStanding>, Refused>> PaymentAsync(
        string id, CommandRequest<CheckoutPayment> request, CommandEndpoint commands) =>
        commands.ChangeAsync<CheckoutPayment, CheckoutStanding>(request, body => PlanFor(new ChoosePayment(id, body.Method, body.Token)));

    private static Task<Results<CommandDone<CheckoutStanding>, Refused>> CouponsAsync(
        string id, CommandRequest<CheckoutCoupons> request, CommandEndpoint commands) =>
        commands.ChangeAsync<CheckoutCoupons, CheckoutStanding>(request, body => PlanFor(new EnterCoupons(id, body.Codes)));

    private static CommandPlan PlanFor(CheckoutCommand command, Func<CommandSession, Task<Rejection?>>? check = null)
    {
        var id = command.CheckoutId;
        if (!IdFormat.IsWellFormed(id)) return Missing.Plan("unknown_cart", $"There is no cart {id}.");
        return new(CheckoutDecider.Validate(command), async (session, expected) =>
        {
            var key = Checkout.StreamKey(id);
            var checkout = await session.LoadAsync(key, Checkout.Initial, Checkout.Evolve, expected);
            var cart = await session.LoadAsync(Cart.StreamKey(id), Cart.Initial, Cart.Evolve);
            if (!cart.Exists) return Decision.NotFound("unknown_cart", $"There is no cart {id}.").Rejections.ToRefusal();
            if (cart.Status != CartStatus.Open) return Decision.Reject("cart_closed", $"Cart {id} takes no more changes.").Rejections.ToRefusal();
            if (check is not null && await check(session) is { } refused) return Decision.Reject([refused]).Rejections.ToRefusal();
            var decision = CheckoutDecider.Decide(checkout, command, cart.CustomerId);
            return session.Settle(key, decision, () => Describe(id, decision.Events.Aggregate(checkout, Checkout.Evolve)));
        });
    }

    private static CheckoutStanding Describe(string cartId, Checkout checkout) => new(
        cartId, checkout.Address is not null, checkout.OptionId, checkout.Method, checkout.Coupons);
}
