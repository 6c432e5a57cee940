using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Replay.OnlineRetail;
using Shouldly;

namespace EcommerceAI.Replay.Tests.OnlineRetail;

/// <summary>What holds for the plan of any file, checked by folding its events anew.</summary>
internal static class PlanInvariants
{
    public static void Check(ImportPlan plan)
    {
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        var ids = new HashSet<Guid>();
        var onHand = new Dictionary<string, (long Now, long Lowest)>(StringComparer.Ordinal);
        var now = DateTimeOffset.MinValue;
        var lines = 0;
        var ordinal = 0;
        foreach (var invoice in plan.Invoices())
        {
            invoice.Ordinal.ShouldBe(ordinal++);
            invoice.Events.ShouldNotBeEmpty();
            lines += invoice.LineCount;
            foreach (var planned in invoice.Events)
            {
                if (!ids.Add(planned.EventId)) throw new ShouldAssertException($"The id {planned.EventId} stands twice.");
                var version = versions[planned.StreamId] = versions.GetValueOrDefault(planned.StreamId) + 1;
                if (version != planned.Version) throw new ShouldAssertException($"{planned.StreamId} has a gap at {version}.");
                if (planned.Timestamp < now) throw new ShouldAssertException($"{planned.StreamId} {version} goes back in time.");
                if (planned.Timestamp.Offset != TimeSpan.Zero) throw new ShouldAssertException("An instant is not in UTC.");
                now = planned.Timestamp;
                if (planned.Data is StockEvent stock) Fold(onHand, stock);
            }
        }
        ordinal.ShouldBe(plan.InvoiceCount);
        lines.ShouldBe(plan.Reconciliation.FileLines - plan.RejectedLines.Count);
        onHand.Where(stock => stock.Value.Lowest < 0).ShouldBeEmpty();
        CheckLeast(plan, onHand);
    }

    /// <summary>Opening with one less would go below zero; a count of zero cannot be less.</summary>
    private static void CheckLeast(ImportPlan plan, Dictionary<string, (long Now, long Lowest)> onHand)
    {
        var counts = plan.Events<StockCounted>();
        counts.Count.ShouldBe(onHand.Count);
        counts.Where(count => count.Quantity > 0 && onHand[count.Sku].Lowest != 0).ShouldBeEmpty();
    }

    private static void Fold(Dictionary<string, (long Now, long Lowest)> onHand, StockEvent stock)
    {
        var known = onHand.TryGetValue(stock.Sku, out var before);
        if (known == stock is StockCounted) throw new ShouldAssertException($"{stock.Sku} does not open with its count.");
        var after = before.Now + stock switch
        {
            StockCounted counted => counted.Quantity,
            StockIssued issued => -issued.Quantity,
            StockReturned returned => returned.Quantity,
            StockAdjusted adjusted => adjusted.Quantity,
            _ => throw new ShouldAssertException($"{stock} is no event of an import."),
        };
        onHand[stock.Sku] = (after, known ? Math.Min(before.Lowest, after) : after);
    }

    /// <summary>What the events carry, in pence, must be what the reconciliation says was booked.</summary>
    public static void CheckBooked(ImportPlan plan)
    {
        var events = plan.Events();
        var orders = events.Select(planned => planned.Data).OfType<OrderPlaced>().ToList();
        var returns = events.Select(planned => planned.Data).OfType<ReturnReceived>().ToList();
        var ledger = events.Select(planned => planned.Data).OfType<LedgerEntryBooked>().ToList();
        orders.Sum(order => order.Lines.Sum(line => line.Amount)).ShouldBe(plan.Reconciliation[LineKind.Sale].Booked);
        returns.Sum(returned => -returned.Lines.Sum(line => line.Amount)).ShouldBe(plan.Reconciliation[LineKind.Return].Booked);
        orders.SelectMany(order => order.Charges).Concat(returns.SelectMany(returned => returned.Charges)).Sum(charge => charge.Amount)
            .ShouldBe(plan.Reconciliation[LineKind.Charge].Booked);
        ledger.Sum(entry => entry.Total.Minor).ShouldBe(plan.Reconciliation[LineKind.Bookkeeping].Booked);
        (orders.Sum(order => order.Total.Minor) + returns.Sum(returned => returned.Total.Minor) + ledger.Sum(entry => entry.Total.Minor))
            .ShouldBe(plan.Reconciliation.Booked);
    }
}
