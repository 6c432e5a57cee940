using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.EventSourcing.Commands;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Carts;

/// <summary>Commands on carts.</summary>
internal sealed class CartEndpoints : IEndpoints
{
    private const string DefaultChannel = "web";

    public void Map(RouteGroupBuilder api)
    {
        var carts = api.MapGroup("/carts").WithTags("Carts");
        carts.MapPost("", CreateAsync).Allow(Roles.Everybody).WithName("CreateCart").WithSummary("Makes an empty cart in a currency and a channel.");
        carts.MapPost("/{id}/lines", AddAsync).AllowOwner(Roles.Staff, CartOwnership.Of).WithName("AddCartLine").WithSummary("Puts units of a product into a cart, at its list price.");
        carts.MapPut("/{id}/lines/{sku}", ChangeAsync).AllowOwner(Roles.Staff, CartOwnership.Of).WithName("ChangeCartLine").WithSummary("Sets how many units of a product a cart has; 0 removes it.");
        carts.MapPut("/{id}/lines/{sku}/saved", SaveAsync).AllowOwner(Roles.Staff, CartOwnership.Of).WithName("SaveCartLine").WithSummary("Puts a line aside for later, or brings it back.");
        carts.MapPut("/{id}/customer", ClaimAsync).AllowOwner(Roles.Staff, CartOwnership.Of).WithName("ClaimCart").WithSummary("Gives a guest's cart to the customer who has signed in.");
        carts.MapPost("/{id}/merges", MergeAsync).AllowOwner(Roles.Staff, CartOwnership.Of).WithName("MergeCart").WithSummary("Lays a guest's cart into this one; the guest's is closed.");
    }

    private static Task<Results<CommandCreated<CartStanding>, Refused>> CreateAsync(CommandRequest<NewCart> request, CommandEndpoint commands) =>
        commands.CreateAsync<NewCart, CartStanding>(
            request,
            body =>
            {
                var command = new CreateCart(Guid.CreateVersion7().ToString(), body.Currency, body.Channel ?? DefaultChannel, body.CustomerId);
                return PlanFor(command, async (session, cart) => await RefuseStrangerAsync(session, body.CustomerId) ?? CartDecider.Decide(cart, command))
                    .Unless(request.Caller.RefuseActingFor(body.CustomerId, "customerId"));
            },
            standing => $"/v1/carts/{standing.CartId}");

    private static Task<Results<CommandDone<CartStanding>, Refused>> AddAsync(
        string id, CommandRequest<NewCartLine> request, CommandEndpoint commands) =>
        commands.ChangeAsync<NewCartLine, CartStanding>(request, body =>
        {
            var command = new AddCartLine(id, body.Sku, body.Quantity, 0);
            return PlanFor(command, async (session, cart) =>
            {
                var (price, refused) = cart.Exists ? await CartPrices.FindAsync(session, body.Sku, cart, "sku") : (0, null);
                return refused is null ? CartDecider.Decide(cart, command with { UnitPrice = price }) : Decision.Reject([refused]);
            });
        });

    private static Task<Results<CommandDone<CartStanding>, Refused>> ChangeAsync(
        string id, string sku, CommandRequest<CartLineQuantity> request, CommandEndpoint commands) =>
        commands.ChangeAsync<CartLineQuantity, CartStanding>(request, body => PlanForLine(id, sku, new ChangeCartLine(id, sku, body.Quantity)));

    private static Task<Results<CommandDone<CartStanding>, Refused>> SaveAsync(
        string id, string sku, CommandRequest<CartLinePlace> request, CommandEndpoint commands) =>
        commands.ChangeAsync<CartLinePlace, CartStanding>(request, body =>
        {
            if (body.Saved) return PlanForLine(id, sku, new SaveCartLine(id, sku));
            var command = new RestoreCartLine(id, sku);
            return PlanForLine(id, sku, command, async (session, cart) =>
            {
                // A product that has no price any more comes back at the one it was put aside at; the order will refuse it.
                if (!cart.Exists) return CartDecider.Decide(cart, command);
                var (price, refused) = await CartPrices.FindAsync(session, sku, cart, "sku");
                return CartDecider.Decide(cart, refused is null ? command with { UnitPrice = price } : command);
            });
        });

    private static Task<Results<CommandDone<CartStanding>, Refused>> ClaimAsync(
        string id, CommandRequest<CartOwner> request, CommandEndpoint commands) =>
        commands.ChangeAsync<CartOwner, CartStanding>(request, body =>
        {
            var command = new ClaimCart(id, body.CustomerId);
            return PlanFor(command, async (session, cart) => await RefuseStrangerAsync(session, body.CustomerId) ?? CartDecider.Decide(cart, command))
                .Unless(request.Caller.RefuseActingFor(body.CustomerId, "customerId"));
        });

    private static Task<Results<CommandDone<CartStanding>, Refused>> MergeAsync(
        string id, CommandRequest<CartToMerge> request, CommandEndpoint commands) =>
        commands.ChangeAsync<CartToMerge, CartStanding>(request, body =>
        {
            if (!IdFormat.IsWellFormed(body.FromCartId))
                return new CommandPlan([new Rejection("malformed", "fromCartId is not the id of a cart.", "fromCartId", RejectionKind.Invalid)], NotCarriedOut);
            return PlanFor(new MergeCart(id, Cart.Initial), async (session, cart) =>
            {
                var from = await session.LoadAsync(Cart.StreamKey(body.FromCartId), Cart.Initial, Cart.Evolve);
                if (request.Caller.RefuseActingFor(from.CustomerId, "fromCartId") is { Count: > 0 } strangers) return Decision.Reject(strangers);
                var decision = CartDecider.Decide(cart, new MergeCart(id, from));
                if (decision.Events.Count > 0) session.Append(Cart.StreamKey(body.FromCartId), [new CartGivenUp(body.FromCartId, id)]);
                return decision;
            });
        });

    private static CommandPlan PlanForLine(
        string id, string sku, CartCommand command, Func<CommandSession, Cart, Task<Decision>>? decide = null) =>
        SkuFormat.TryNormalize(sku, out _)
            ? PlanFor(command, decide ?? ((_, cart) => Task.FromResult(CartDecider.Decide(cart, command))))
            : Missing.Plan("not_in_cart", $"{sku} is not in cart {id}.");

    private static CommandPlan PlanFor(CartCommand command, Func<CommandSession, Cart, Task<Decision>> decide)
    {
        if (!IdFormat.IsWellFormed(command.CartId)) return Missing.Plan("unknown_cart", $"There is no cart {command.CartId}.");
        return new(CartDecider.Validate(command), async (session, expected) =>
        {
            var key = Cart.StreamKey(command.CartId);
            var cart = await session.LoadAsync(key, Cart.Initial, Cart.Evolve, expected);
            var decision = await decide(session, cart);
            return session.Settle(key, decision, () => Describe(decision.Events.Aggregate(cart, Cart.Evolve)));
        });
    }

    private static async Task<Decision?> RefuseStrangerAsync(CommandSession session, string? customerId)
    {
        if (customerId is null) return null;
        var customer = await session.LoadAsync(Customer.StreamKey(customerId), Customer.Initial, Customer.Evolve);
        return customer.Exists
            ? null
            : Decision.Reject([new Rejection("unknown_customer", $"There is no customer {customerId}.", "customerId", RejectionKind.Invalid)]);
    }

    private static CartStanding Describe(Cart cart) => new(cart.CartId!, cart.Lines.Count, cart.Units, new Money(cart.Goods, cart.Currency!));

    private static Task<CommandDecision> NotCarriedOut(CommandSession session, long? expected) =>
        throw new InvalidOperationException("A plan with rejections is not carried out.");
}
