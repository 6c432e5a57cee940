using EcommerceAI.Replay.OnlineRetail;
using Shouldly;
using Xunit;
using static EcommerceAI.Replay.Tests.OnlineRetail.RetailCsv;

namespace EcommerceAI.Replay.Tests.OnlineRetail;

public sealed class ReconciliationTableTests
{
    [Fact]
    public void The_table_names_every_row_and_says_that_it_adds_up()
    {
        var text = ReconciliationTable.ToText(Plan(Line(quantity: 1000, price: "0.001"), Line("2", quantity: 0)).Reconciliation);
        foreach (var kind in Enum.GetValues<LineKind>()) text.ShouldContain(ReconciliationTable.Label(kind));
        text.ShouldContain("1,000");
        text.ShouldContain("Every line is in exactly one row.");
    }

    [Fact]
    public void A_lost_line_shows()
    {
        var sound = Plan(Line(), Line("2")).Reconciliation;
        var lossy = sound with { FileLines = sound.FileLines + 1 };
        lossy.IsBalanced.ShouldBeFalse();
        ReconciliationTable.ToText(lossy).ShouldContain("DO NOT ADD UP");
    }
}
