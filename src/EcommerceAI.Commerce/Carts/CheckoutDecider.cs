using System.Diagnostics;

namespace EcommerceAI.Commerce.Carts;

/// <summary>What can be said on the way from cart to order. The family is closed: <see cref="CheckoutDecider"/> answers every member.</summary>
public abstract record CheckoutCommand
{
    private protected CheckoutCommand(string checkoutId) => CheckoutId = checkoutId;

    /// <summary>The cart's id, as <see cref="IdFormat"/> has it.</summary>
    public string CheckoutId { get; init; }
}

/// <summary>Says where it goes and to whom.</summary>
/// <param name="CheckoutId">The cart's id.</param>
/// <param name="Name">The person's name, 1 to 200 characters.</param>
/// <param name="Email">A mail address of at most 254 characters.</param>
/// <param name="Address">A postal address of 1 to 500 characters, line breaks included.</param>
/// <param name="Country">Country name or ISO 3166 code, 1 to 60 characters.</param>
public sealed record GiveAddress(string CheckoutId, string Name, string Email, string Address, string Country) : CheckoutCommand(CheckoutId);

/// <summary>Adds a note to the order, or takes it back.</summary>
/// <param name="CheckoutId">The cart's id.</param>
/// <param name="Note">The note of at most 500 characters, or null.</param>
public sealed record GiveNote(string CheckoutId, string? Note) : CheckoutCommand(CheckoutId);

/// <summary>Chooses how it is delivered.</summary>
/// <param name="CheckoutId">The cart's id.</param>
/// <param name="OptionId">The delivery option's id.</param>
public sealed record ChooseDelivery(string CheckoutId, string OptionId) : CheckoutCommand(CheckoutId);

/// <summary>Chooses how it is paid.</summary>
/// <param name="CheckoutId">The cart's id.</param>
/// <param name="Method"><see cref="CheckoutDecider.Card"/> or <see cref="CheckoutDecider.Wallet"/>.</param>
/// <param name="Token">What the provider knows the instrument by, as <see cref="IdFormat"/> has it.</param>
public sealed record ChoosePayment(string CheckoutId, string Method, string Token) : CheckoutCommand(CheckoutId);

/// <summary>Says which coupon codes are to count.</summary>
/// <param name="CheckoutId">The cart's id.</param>
/// <param name="Codes">At most 10 codes in any case, each as <see cref="IdFormat"/> has it.</param>
public sealed record EnterCoupons(string CheckoutId, IReadOnlyList<string> Codes) : CheckoutCommand(CheckoutId);

/// <summary>Decides what a buyer says on the way from cart to order. A later word replaces an earlier one.</summary>
public static class CheckoutDecider
{
    /// <summary>The method that is authorised when the order is placed and captured shipment by shipment.</summary>
    public const string Card = "card";

    /// <summary>The method that is captured as soon as it is authorised.</summary>
    public const string Wallet = "wallet";

    private const int MaxName = 200;
    private const int MaxText = 500;
    private const int MaxCoupons = 10;

    /// <summary>What is wrong with the command's own fields, whatever the state; empty when nothing is.</summary>
    /// <param name="command">The command.</param>
    public static IReadOnlyList<Rejection> Validate(CheckoutCommand command)
    {
        var fields = new CommandFields();
        fields.Id("checkoutId", command.CheckoutId);
        switch (command)
        {
            case GiveAddress give:
                fields.RequiredText("name", give.Name, MaxName);
                if (CommandFields.Clean(give.Email) is null) fields.Refuse("email", "required", "email must be given.");
                else fields.Email("email", give.Email);
                if (CommandFields.Clean(give.Address) is null) fields.Refuse("address", "required", "address must be given.");
                else fields.OptionalText("address", give.Address, MaxText, multiline: true);
                fields.RequiredText("country", give.Country, CommandFields.MaxCountry);
                break;
            case GiveNote give:
                fields.OptionalText("note", give.Note, MaxText, multiline: true);
                break;
            case ChooseDelivery choose:
                fields.Location("optionId", choose.OptionId);
                break;
            case ChoosePayment choose:
                if (choose.Method is not (Card or Wallet)) fields.Refuse("method", "malformed", $"method must be {Card} or {Wallet}.");
                fields.Id("token", choose.Token);
                break;
            case EnterCoupons enter:
                ValidateCoupons(fields, enter.Codes);
                break;
        }

        return fields.Rejections;
    }

    /// <summary>Answers a command for an open cart: with one event, none where nothing changes, or what <see cref="Validate"/> found.</summary>
    /// <param name="state">What was said so far.</param>
    /// <param name="command">What is said.</param>
    /// <param name="customerId">Whose cart it is, or null for a guest.</param>
    public static Decision Decide(Checkout state, CheckoutCommand command, string? customerId)
    {
        if (Validate(command) is { Count: > 0 } rejections) return Decision.Reject(rejections);
        var buyer = customerId ?? command.CheckoutId;
        return Unchanged(state, command switch
        {
            GiveAddress give => new CheckoutAddressGiven(
                command.CheckoutId, buyer, give.Name.Trim(), give.Email.Trim(), give.Address.Trim(), give.Country.Trim()),
            GiveNote give => new CheckoutNoteGiven(command.CheckoutId, buyer, CommandFields.Clean(give.Note)),
            ChooseDelivery choose => new CheckoutDeliveryChosen(command.CheckoutId, choose.OptionId),
            ChoosePayment choose => new CheckoutPaymentChosen(command.CheckoutId, choose.Method, choose.Token),
            EnterCoupons enter => new CheckoutCouponsEntered(
                command.CheckoutId, [.. enter.Codes.Select(code => code.ToUpperInvariant()).Distinct(StringComparer.Ordinal)]),
            _ => throw new UnreachableException($"No rule for {command.GetType().Name}."),
        });
    }

    private static Decision Unchanged(Checkout state, CheckoutEvent said)
    {
        var after = Checkout.Evolve(state, said);
        var same = after with { Coupons = state.Coupons } == state && after.Coupons.SequenceEqual(state.Coupons, StringComparer.Ordinal);
        return same ? Decision.Accept() : Decision.Accept(said);
    }

    private static void ValidateCoupons(CommandFields fields, IReadOnlyList<string>? codes)
    {
        if (codes is null || codes.Count > MaxCoupons)
        {
            fields.Refuse("codes", codes is null ? "required" : "out_of_range", $"codes must list at most {MaxCoupons} codes.");
            return;
        }

        for (var i = 0; i < codes.Count; i++) fields.Id($"codes[{i}]", codes[i]);
    }
}
