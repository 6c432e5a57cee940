using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Replay.OnlineRetail;
using EcommerceAI.Testing;
using Shouldly;

namespace EcommerceAI.Replay.Tests.OnlineRetail;

public sealed class RealYearTests
{
    private static readonly Lazy<ImportPlan> Real = new(() => ImportPlan.Create(OnlineRetailReader.Read(RealData.OnlineRetail)));

    [RealDataFact]
    public void Every_line_of_the_real_year_is_in_exactly_one_row()
    {
        var reconciliation = Real.Value.Reconciliation;
        reconciliation.FileLines.ShouldBe(541_909);
        reconciliation.FileValue.ShouldBe(9_747_747.934m);
        reconciliation.IsBalanced.ShouldBeTrue();
        reconciliation.Rows.ShouldBe(
        [
            new ReconciliationRow(LineKind.Sale, 527_761, 5_577_103, 10_271_433.063m, 1_027_143_306),
            new ReconciliationRow(LineKind.Return, 8_704, -272_030, -478_724.18m, -47_872_418),
            new ReconciliationRow(LineKind.Free, 40, 13_884, 0m, 0),
            new ReconciliationRow(LineKind.StockAdjustment, 2_475, -148_238, 0m, 0),
            new ReconciliationRow(LineKind.Charge, 2_926, 5_728, -33_898.889m, -3_389_889),
            new ReconciliationRow(LineKind.Bookkeeping, 3, 3, -11_062.06m, -1_106_206),
            new ReconciliationRow(LineKind.Rejected, 0, 0, 0m, 0),
        ]);
        Real.Value.RejectedLines.ShouldBeEmpty();
    }

    [RealDataFact]
    public void The_real_year_has_the_invoices_codes_and_customers_it_is_known_for()
    {
        var plan = Real.Value;
        plan.InvoiceCount.ShouldBe(25_900);
        var events = plan.Events().ConvertAll(planned => planned.Data);
        events.OfType<CustomerRegistered>().Count().ShouldBe(4_372);
        events.OfType<LedgerEntryBooked>().Count().ShouldBe(3);
        events.OfType<StockAdjusted>().Count().ShouldBe(2_475);
        var products = events.OfType<ProductCreated>().ToList();
        products.Count.ShouldBe(3_958 - 15); // 15 codes stand for money.
        products.ShouldAllBe(product => product.Title.Length > 0 && product.Title.Length <= 200);
        products.Single(product => product.Sku == "22423").Title.ShouldBe("REGENCY CAKESTAND 3 TIER");
        products.Single(product => product.Sku == "85123A").Title.ShouldBe("WHITE HANGING HEART T-LIGHT HOLDER");
        products.ShouldNotContain(product => product.Title == "damaged" || product.Title == "?");
    }

    [RealDataFact]
    public void Ids_of_the_real_year_are_unique_versions_have_no_gap_time_runs_on_and_openings_are_least() =>
        PlanInvariants.Check(Real.Value);

    [RealDataFact]
    public void The_events_of_the_real_year_carry_what_the_reconciliation_books() => PlanInvariants.CheckBooked(Real.Value);

    [RealDataFact]
    public void Two_runs_over_the_real_year_give_the_same_ids_and_events()
    {
        var again = ImportPlan.Create(OnlineRetailReader.Read(RealData.OnlineRetail));
        again.ContentHash.ShouldBe(Real.Value.ContentHash);
        var differing = Real.Value.Invoices().Zip(again.Invoices()).Where(pair =>
            !pair.First.Events.Select(planned => (planned.EventId, planned.Timestamp, planned.Data.GetType()))
                .SequenceEqual(pair.Second.Events.Select(planned => (planned.EventId, planned.Timestamp, planned.Data.GetType()))));
        differing.ShouldBeEmpty();
    }
}
