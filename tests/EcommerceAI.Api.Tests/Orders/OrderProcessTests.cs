using System.Globalization;
using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Invoicing;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Commerce.Payments;

namespace EcommerceAI.Api.Tests.Orders;

/// <summary>
/// Random histories of provider behaviour, crashes and people; <c>ECOMMERCEAI_SEEDS</c> says how many, 100 where it is not set, and
/// <c>ECOMMERCEAI_SEED</c> which is the first.
/// </summary>
public sealed class OrderProcessTests
{
    [Fact]
    public void Whatever_the_provider_does_and_wherever_the_process_goes_down_money_goods_and_stock_agree()
    {
        var count = Setting("ECOMMERCEAI_SEEDS", 100);
        var first = Setting("ECOMMERCEAI_SEED", 1);
        var (orders, crashes, shipped, cancelled, dropped, refunded) = (0, 0, 0, 0, 0, 0L);
        for (var seed = first; seed < first + count; seed++)
        {
            var shop = Run(seed);
            orders += shop.OrderIds.Count;
            crashes += shop.Crashes;
            var states = shop.OrderIds.Select(shop.OrderOf).ToList();
            shipped += states.Count(order => order.Charged > 0);
            cancelled += states.Count(order => order.Status == OrderStatus.Cancelled);
            dropped += states.Sum(order => order.DroppedIds.Count);
            refunded += shop.OrderIds.Sum(id => shop.PaymentOf(id).Refunded);
        }

        // The histories are worth something only where all of this occurs.
        if (count < 20) return;
        orders.ShouldBeGreaterThan(count);
        new[] { crashes, shipped, cancelled, dropped, refunded }.ShouldAllBe(occurrences => occurrences > 0);
    }

    private static SimulatedShop Run(int seed)
    {
        var random = new Random(seed);
        var shop = new SimulatedShop(random, string.Create(CultureInfo.InvariantCulture, $"tok_seed-{seed}"));
        shop.Fill();
        for (var step = 0; step < 80; step++) Step(shop, random);
        Finish(shop, random);
        Check(shop, string.Create(CultureInfo.InvariantCulture, $"ECOMMERCEAI_SEED={seed}"));
        return shop;
    }

    private static void Step(SimulatedShop shop, Random random)
    {
        if (shop.OrderIds.Count < 2 || random.Next(8) == 0)
        {
            shop.Place();
            return;
        }

        var id = shop.OrderIds[random.Next(shop.OrderIds.Count)];
        var (sku, units, change) = (SimulatedShop.Skus[random.Next(3)], random.Next(1, 3), string.Create(CultureInfo.InvariantCulture, $"x{random.Next()}"));
        switch (random.Next(12))
        {
            case 0 or 1 or 2 or 3:
                shop.Ask(id, mayCrash: true);
                break;
            case 4 or 5:
                shop.DeliverNotice();
                break;
            case 6 or 7:
                shop.Command(new PackShipment(id, change, SimulatedShop.Locations[random.Next(2)], random.Next(2) == 0 ? null : [new ReturnOrderLine(sku, units)]));
                break;
            case 8:
                shop.Command(new CancelOrderLines(id, change, [new ReturnOrderLine(sku, units)]));
                break;
            case 9:
                shop.Command(new ReturnOrder(id, change, [new ReturnOrderLine(sku, units)], null, random.Next(2) == 0));
                break;
            case 10:
                shop.Command(random.Next(3) == 0 ? new CancelOrder(id) : new RefundOrder(id, change, random.Next(1, 300), "late"));
                break;
            default:
                if (random.Next(3) == 0) shop.Count();
                else shop.Wait(TimeSpan.FromMinutes(random.Next(20)));
                break;
        }
    }

    /// <summary>The provider answers everything in the end, and people ship what is open or take it off.</summary>
    private static void Finish(SimulatedShop shop, Random random)
    {
        for (var round = 0; round < 40; round++)
        {
            foreach (var id in shop.OrderIds)
            {
                for (var ask = 0; ask < 6; ask++) shop.Ask(id, mayCrash: round < 5);
                var order = shop.OrderOf(id);
                if (order is { Status: OrderStatus.Placed, IsConfirmed: true, Parcel: null } && !order.IsSettled)
                {
                    if (random.Next(2) == 0) shop.Command(new PackShipment(id, string.Create(CultureInfo.InvariantCulture, $"f{round}"), order.Lines.First(line => line.Open > 0).Location!));
                    else if (round > 20 && order.Lines.First(line => line.Open > 0) is var line)
                        shop.Command(new CancelOrderLines(id, string.Create(CultureInfo.InvariantCulture, $"f{round}"), [new ReturnOrderLine(line.Sku, order.Lines.Where(l => l.Sku == line.Sku).Sum(l => l.Open))]));
                }
            }

            while (shop.DeliverNotice())
            {
                // Until all have come.
            }

            shop.Wait(TimeSpan.FromMinutes(5));
        }
    }

    private static void Check(SimulatedShop shop, string seed)
    {
        foreach (var id in shop.OrderIds)
        {
            var (order, payment, account) = (shop.OrderOf(id), shop.PaymentOf(id), shop.Provider.AccountOf(id));
            var where = $"{seed} order {id}";
            order.IsSettled.ShouldBeTrue(where);
            payment.Outstanding.ShouldBeEmpty(where);
            (payment.Captured, payment.Refunded).ShouldBe((account?.Captured ?? 0, account?.Refunded ?? 0), $"{where}: our books and the provider's");

            var openRefunds = OpenRefunds(payment);
            (payment.Captured - payment.Refunded).ShouldBe(order.Charged - order.Refunded + openRefunds, $"{where}: captured is shipped and refunded");
            if (payment.Captured > 0 && openRefunds == 0 && order.Charged == 0) payment.Refunded.ShouldBe(payment.Captured, $"{where}: paid without goods");
            if (account is { IsVoided: false, Authorised: { } held }) payment.Captured.ShouldBe(held, $"{where}: nothing is held on");
            order.Charged.ShouldBe(order.Lines.Sum(line => ValueOf(line)) + (order.Lines.Any(line => line.Shipped > 0) ? order.Terms!.Delivery : 0), where);
            (order.Lines.Sum(line => line.Paid) + order.Terms!.Delivery).ShouldBe(order.Total!.Value.Minor, where);
        }

        foreach (var stock in SimulatedShop.Skus.SelectMany(sku => SimulatedShop.Locations.Select(location => shop.StockOf(sku, location))))
        {
            stock.Allocated.ShouldBe(0, $"{seed}: {stock.Sku} at {stock.Location} is promised to finished orders");
            stock.OnHand.ShouldBeGreaterThanOrEqualTo(0, seed);
        }

        CheckDocuments(shop, seed);
    }

    /// <summary>What people still have to give back by hand, because the provider refused it every time.</summary>
    private static long OpenRefunds(Payment payment)
    {
        var exhausted = payment.Operations.Values
            .Where(operation => operation.OperationId.EndsWith(string.Create(CultureInfo.InvariantCulture, $".{OrderProcess.MostRefundAttempts}"), StringComparison.Ordinal))
            .Where(operation => operation.Status == PaymentOperationStatus.Failed);
        return exhausted.Sum(operation => operation.Amount);
    }

    private static long ValueOf(SoldLine line) => line.Shipped == 0 ? 0 : (long)decimal.Round((decimal)line.Paid * line.Shipped / line.Quantity, 0, MidpointRounding.ToEven);

    private static void CheckDocuments(SimulatedShop shop, string seed)
    {
        foreach (var kind in Enum.GetValues<DocumentKind>())
        {
            var numbers = shop.EventsOf("legalentity-").OfType<DocumentNumbered>().Where(numbered => numbered.Kind == kind).Select(numbered => numbered.Number).ToList();
            numbers.ShouldBe(Enumerable.Range(1, numbers.Count).Select(number => (long)number), seed);
        }

        foreach (var document in shop.EventsOf("invoice-").Concat(shop.EventsOf("creditnote-")).Cast<DocumentIssued>())
            document.Lines.Sum(line => line.Amount).ShouldBe(document.Total.Minor, $"{seed}: {document.DocumentId}");
        shop.EventsOf("invoice-").Cast<InvoiceIssued>().Sum(invoice => invoice.Total.Minor)
            .ShouldBe(shop.OrderIds.Sum(id => shop.OrderOf(id).Charged), $"{seed}: invoices are what was shipped");
        shop.EventsOf("creditnote-").Cast<CreditNoteIssued>().Sum(note => note.Total.Minor)
            .ShouldBe(shop.OrderIds.Sum(id => shop.OrderOf(id).Refunded), $"{seed}: credit notes are what was given back");
        foreach (var cart in shop.EventsOf("cart-").OfType<CartReopened>()) shop.OrderOf(cart.OrderId).Status.ShouldBe(OrderStatus.Cancelled, seed);
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var asked) ? asked : otherwise;
}
