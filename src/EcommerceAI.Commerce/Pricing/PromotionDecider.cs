using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace EcommerceAI.Commerce.Pricing;

/// <summary>Decides what is asked of a promotion.</summary>
public static class PromotionDecider
{
    /// <summary>What is wrong with the command's own fields, whatever the state; empty when nothing is.</summary>
    /// <param name="command">The command.</param>
    public static IReadOnlyList<Rejection> Validate(PromotionCommand command)
    {
        var fields = new CommandFields();
        fields.Id("promotionId", command.PromotionId);
        switch (command)
        {
            case CreatePromotion create:
                PromotionTermsCheck.Check(fields, "terms", create.Terms);
                break;
            case ChangePromotion change:
                PromotionTermsCheck.Check(fields, "terms", change.Terms);
                break;
            case WithdrawPromotion withdraw:
                fields.OptionalText("reason", withdraw.Reason, CommandFields.MaxNote);
                break;
            case RedeemPromotion redeem:
                fields.Id("orderId", redeem.OrderId);
                fields.OptionalId("customerId", redeem.CustomerId);
                break;
            case ReleaseRedemption release:
                fields.Id("orderId", release.OrderId);
                fields.OptionalText("reason", release.Reason, CommandFields.MaxNote);
                break;
        }

        return fields.Rejections;
    }

    /// <summary>
    /// Answers a command: with events, with none where it changes nothing, or with <c>promotion_exists</c>, <c>unknown_promotion</c>,
    /// <c>promotion_withdrawn</c>, <c>promotion_used_up</c>, <c>promotion_used_up_by_customer</c>, <c>customer_required</c> or what
    /// <see cref="Validate"/> found.
    /// </summary>
    /// <param name="state">The promotion as it stands.</param>
    /// <param name="command">What is asked.</param>
    public static Decision Decide(Promotion state, PromotionCommand command)
    {
        if (Validate(command) is { Count: > 0 } rejections) return Decision.Reject(rejections);
        var id = command.PromotionId;
        if (command is CreatePromotion create)
            return state.Exists
                ? Decision.Reject("promotion_exists", $"There is a promotion {id} already.", "promotionId")
                : Decision.Accept(new PromotionCreated(id, PromotionTermsCheck.Normalize(create.Terms)));
        if (!state.Exists) return Decision.NotFound("unknown_promotion", $"There is no promotion {id}.");
        return command switch
        {
            ChangePromotion change => Change(state, change),
            WithdrawPromotion withdraw => state.IsWithdrawn
                ? Decision.Accept()
                : Decision.Accept(new PromotionWithdrawn(id, CommandFields.Clean(withdraw.Reason))),
            RedeemPromotion redeem => Redeem(state, redeem),
            ReleaseRedemption release => state.Redemptions.ContainsKey(release.OrderId)
                ? Decision.Accept(new PromotionRedemptionReleased(id, release.OrderId, CommandFields.Clean(release.Reason)))
                : Decision.Accept(),
            _ => throw new UnreachableException($"No rule for {command.GetType().Name}."),
        };
    }

    private static Decision Change(Promotion state, ChangePromotion command)
    {
        if (state.IsWithdrawn) return Withdrawn(command);
        var terms = PromotionTermsCheck.Normalize(command.Terms);
        // Records compare the lists in them by reference, so what they say is compared.
        return JsonSerializer.Serialize(terms) == JsonSerializer.Serialize(state.Terms)
            ? Decision.Accept()
            : Decision.Accept(new PromotionChanged(command.PromotionId, terms));
    }

    private static Decision Redeem(Promotion state, RedeemPromotion command)
    {
        if (state.Redemptions.ContainsKey(command.OrderId)) return Decision.Accept();
        if (state.IsWithdrawn) return Withdrawn(command);
        var conditions = state.Terms!.Conditions;
        if (conditions.LimitTotal is { } total && state.Redemptions.Count >= total)
            return Decision.Reject(
                "promotion_used_up",
                string.Create(CultureInfo.InvariantCulture, $"Promotion {command.PromotionId} was for {total} orders, and all were made."));
        if (conditions.LimitPerCustomer is not { } each) return Accept();
        if (command.CustomerId is null)
            return Decision.Reject("customer_required", $"Promotion {command.PromotionId} is for customers who are known.", "customerId");
        return state.RedeemedBy(command.CustomerId) < each
            ? Accept()
            : Decision.Reject(
                "promotion_used_up_by_customer",
                string.Create(CultureInfo.InvariantCulture, $"Promotion {command.PromotionId} is for {each} orders of a customer, and all were made."));

        Decision Accept() => Decision.Accept(new PromotionRedeemed(command.PromotionId, command.OrderId, command.CustomerId));
    }

    private static Decision Withdrawn(PromotionCommand command) =>
        Decision.Reject("promotion_withdrawn", $"Promotion {command.PromotionId} was withdrawn.");
}
