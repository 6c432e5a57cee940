using System.Collections.Immutable;
using System.Diagnostics;

namespace EcommerceAI.Commerce.Carts;

/// <summary>Decides what is asked of a cart.</summary>
public static class CartDecider
{
    /// <summary>What is wrong with the command's own fields, whatever the state; empty when nothing is.</summary>
    /// <param name="command">The command.</param>
    public static IReadOnlyList<Rejection> Validate(CartCommand command)
    {
        var fields = new CommandFields();
        fields.Id("cartId", command.CartId);
        switch (command)
        {
            case CreateCart create:
                fields.Currency("currency", create.Currency);
                fields.Location("channel", create.Channel);
                fields.OptionalId("customerId", create.CustomerId);
                break;
            case AddCartLine add:
                fields.Sku("sku", add.Sku);
                fields.Quantity("quantity", add.Quantity);
                fields.Amount("unitPrice", add.UnitPrice);
                break;
            case ChangeCartLine change:
                fields.Sku("sku", change.Sku);
                fields.Quantity("quantity", change.Quantity, least: 0);
                break;
            case SaveCartLine save:
                fields.Sku("sku", save.Sku);
                break;
            case RestoreCartLine restore:
                fields.Sku("sku", restore.Sku);
                if (restore.UnitPrice is { } price) fields.Amount("unitPrice", price);
                break;
            case ClaimCart claim:
                fields.Id("customerId", claim.CustomerId);
                break;
            case OrderCart order:
                fields.Id("orderId", order.OrderId);
                break;
            case ReopenCart reopen:
                fields.Id("orderId", reopen.OrderId);
                break;
        }

        return fields.Rejections;
    }

    /// <summary>
    /// Answers a command: with events, or with <c>cart_exists</c>, <c>unknown_cart</c>, <c>cart_closed</c>, <c>not_in_cart</c>,
    /// <c>cart_full</c>, <c>quantity_limit_exceeded</c>, <c>cart_of_another</c>, <c>mixed_currencies</c>, <c>cart_empty</c> or what
    /// <see cref="Validate"/> found.
    /// </summary>
    /// <param name="state">The cart as it stands.</param>
    /// <param name="command">What is asked.</param>
    public static Decision Decide(Cart state, CartCommand command)
    {
        if (Validate(command) is { Count: > 0 } rejections) return Decision.Reject(rejections);
        if (command is CreateCart create) return Create(state, create);
        if (!state.Exists) return Decision.NotFound("unknown_cart", $"There is no cart {command.CartId}.");
        if (command is ReopenCart reopen) return Reopen(state, reopen);
        if (state.Status != CartStatus.Open)
            return Decision.Reject("cart_closed", $"Cart {command.CartId} was {(state.Status == CartStatus.Ordered ? "ordered" : "laid into another cart")}.");
        return command switch
        {
            AddCartLine add => Add(state, add),
            ChangeCartLine change => Change(state, change),
            SaveCartLine save => Save(state, save),
            RestoreCartLine restore => Restore(state, restore),
            ClaimCart claim => Claim(state, claim),
            MergeCart merge => CartMerge.Decide(state, merge.From),
            OrderCart order => state.Lines.IsEmpty
                ? Decision.Reject("cart_empty", $"Cart {command.CartId} has no lines.")
                : Decision.Accept(new CartOrdered(command.CartId, order.OrderId)),
            _ => throw new UnreachableException($"No rule for {command.GetType().Name}."),
        };
    }

    /// <summary>Why a line cannot have so many units, or null where it can.</summary>
    internal static Rejection? RefuseLine(ImmutableDictionary<string, CartLine> lines, string sku, long quantity) =>
        quantity > CommandFields.MaxQuantity
            ? new Rejection("quantity_limit_exceeded", $"{sku} would come to {quantity} units; at most {CommandFields.MaxQuantity} are allowed.", "quantity")
            : lines.Count >= CommandFields.MaxLines && !lines.ContainsKey(sku)
                ? new Rejection("cart_full", $"A cart has at most {CommandFields.MaxLines} lines.", "sku")
                : null;

    private static Decision Create(Cart state, CreateCart command) => state.Exists
        ? Decision.Reject("cart_exists", $"Cart {command.CartId} already exists.", "cartId")
        : Decision.Accept(new CartCreated(command.CartId, command.Currency, command.Channel, command.CustomerId));

    private static Decision Add(Cart state, AddCartLine command)
    {
        var sku = SkuFormat.Normalize(command.Sku);
        var quantity = (long)(state.Lines.GetValueOrDefault(sku)?.Quantity ?? 0) + command.Quantity;
        if (RefuseLine(state.Lines, sku, quantity) is { } refused) return Decision.Reject([refused]);
        return Decision.Accept(state.Lines.ContainsKey(sku)
            ? new CartLineChanged(command.CartId, sku, (int)quantity, command.UnitPrice)
            : new CartLineAdded(command.CartId, sku, (int)quantity, command.UnitPrice));
    }

    private static Decision Change(Cart state, ChangeCartLine command)
    {
        var sku = SkuFormat.Normalize(command.Sku);
        if (!state.Lines.TryGetValue(sku, out var line)) return NotInCart(command, sku);
        if (line.Quantity == command.Quantity) return Decision.Accept();
        return Decision.Accept(command.Quantity == 0
            ? new CartLineRemoved(command.CartId, sku)
            : new CartLineChanged(command.CartId, sku, command.Quantity, line.UnitPrice));
    }

    private static Decision Save(Cart state, SaveCartLine command)
    {
        var sku = SkuFormat.Normalize(command.Sku);
        if (!state.Lines.TryGetValue(sku, out var line)) return NotInCart(command, sku);
        var quantity = (long)(state.Saved.GetValueOrDefault(sku)?.Quantity ?? 0) + line.Quantity;
        return RefuseLine(state.Saved, sku, quantity) is { } refused
            ? Decision.Reject([refused])
            : Decision.Accept(new CartLineSaved(command.CartId, sku, (int)quantity, line.UnitPrice));
    }

    private static Decision Restore(Cart state, RestoreCartLine command)
    {
        var sku = SkuFormat.Normalize(command.Sku);
        if (!state.Saved.TryGetValue(sku, out var saved)) return NotInCart(command, sku);
        var quantity = (long)(state.Lines.GetValueOrDefault(sku)?.Quantity ?? 0) + saved.Quantity;
        return RefuseLine(state.Lines, sku, quantity) is { } refused
            ? Decision.Reject([refused])
            : Decision.Accept(new CartLineRestored(command.CartId, sku, (int)quantity, command.UnitPrice ?? saved.UnitPrice));
    }

    private static Decision Claim(Cart state, ClaimCart command) =>
        state.CustomerId == command.CustomerId ? Decision.Accept()
        : state.CustomerId is null ? Decision.Accept(new CartClaimed(command.CartId, command.CustomerId))
        : Decision.Reject("cart_of_another", $"Cart {command.CartId} belongs to another customer.", "customerId");

    private static Decision Reopen(Cart state, ReopenCart command) =>
        state.Status == CartStatus.Ordered && state.OrderId == command.OrderId
            ? Decision.Accept(new CartReopened(command.CartId, command.OrderId))
            : Decision.Accept();

    private static Decision NotInCart(CartCommand command, string sku) =>
        Decision.NotFound("not_in_cart", $"{sku} is not in cart {command.CartId}.");
}
