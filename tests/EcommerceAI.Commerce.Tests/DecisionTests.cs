using System.Globalization;
using EcommerceAI.Commerce.Inventory;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests;

public sealed class DecisionTests
{
    [Fact]
    public void A_refusal_without_a_reason_would_read_as_an_acceptance_and_is_none() =>
        Should.Throw<ArgumentException>(() => Decision.Reject([]));

    [Fact]
    public void The_first_of_several_reasons_stands_for_all()
    {
        Rejection[] rejections = [new("a", "A.", "x"), new("b", "B.", "y")];
        Decision.Reject(rejections).Rejection.ShouldBe(rejections[0]);
        Decision.Reject(rejections).Rejections.ShouldBe(rejections);
        Decision.Accept().Rejection.ShouldBeNull();
    }

    [Fact]
    public void Numbers_in_messages_read_the_same_on_every_machine()
    {
        var before = CultureInfo.CurrentCulture;
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        foreign.NumberFormat.NegativeSign = "minus ";
        try
        {
            CultureInfo.CurrentCulture = foreign;
            StockDecider.Validate(new ReceiveStock("A", "shop", -5))[0].Message.ShouldBe("quantity is -5; it must be 1 to 1000000.");
            StockDecider.Decide(new Stock("A", "shop", -5), new IssueStock("A", "shop", 1, "o1")).Rejection!.Message
                .ShouldBe("-5 of A on hand at shop; 1 asked for.");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
