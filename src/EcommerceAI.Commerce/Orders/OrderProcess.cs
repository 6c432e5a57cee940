using System.Globalization;
using EcommerceAI.Commerce.Payments;

namespace EcommerceAI.Commerce.Orders;

/// <summary>What follows from where an order and its payment stand.</summary>
/// <param name="Order">What becomes of the order.</param>
/// <param name="Payment">What the provider is to do next.</param>
public sealed record OrderReaction(IReadOnlyList<OrderEvent> Order, IReadOnlyList<PaymentEvent> Payment);

/// <summary>
/// The order process, pure: its stock is allocated as it is placed, then its money is authorised, then captured, parcel by parcel or
/// at once; or all of it is undone. The rules look only at where order and payment stand, never at how they came there, so a reaction
/// can be asked for after any change, again after a crash, and answers late, twice or out of order lead to the same end. Stock comes
/// before money: nobody's money is held for goods that are not there.
/// </summary>
public static class OrderProcess
{
    /// <summary>How often a refund that the provider refused is asked for again by itself; after that a person must look.</summary>
    public const int MostRefundAttempts = 5;

    private static readonly Func<Order, Payment, DomainEvent?>[] Rules =
    [
        Confirm, CallOff, CaptureAtPlacement, CaptureParcel, Ship, DropParcel, RefundDropped, RefundCredit, RefundCancelled, LetGo,
    ];

    /// <summary>Everything that follows now; nothing where the process waits for the provider or for people, or is at its end.</summary>
    /// <param name="order">The order as it stands; one without terms has no process.</param>
    /// <param name="payment">Its payment as it stands.</param>
    public static OrderReaction React(Order order, Payment payment)
    {
        var (orders, payments) = (new List<OrderEvent>(), new List<PaymentEvent>());
        while (Next(order, payment) is { } next)
        {
            if (next is OrderEvent changed)
            {
                orders.Add(changed);
                order = Order.Evolve(order, changed);
            }
            else
            {
                payments.Add((PaymentEvent)next);
                payment = Payment.Evolve(payment, next);
            }
        }

        return new OrderReaction(orders, payments);
    }

    /// <summary>The first thing that follows now, or null.</summary>
    /// <param name="order">The order as it stands.</param>
    /// <param name="payment">Its payment as it stands.</param>
    internal static DomainEvent? Next(Order order, Payment payment) =>
        order.Terms is null ? null : Rules.Select(rule => rule(order, payment)).FirstOrDefault(@event => @event is not null);

    /// <summary>Id of the capture of a whole order as it is placed; a parcel's capture has the shipment's id behind it.</summary>
    /// <param name="shipmentId">The shipment, or null for the whole order.</param>
    public static string CaptureId(string? shipmentId) => shipmentId is null ? "capture" : $"capture-{shipmentId}";

    private static OrderConfirmed? Confirm(Order order, Payment payment) =>
        order is { Status: OrderStatus.Placed, IsConfirmed: false } && (payment.IsAuthorised || order.Total!.Value.Minor == 0)
            ? new OrderConfirmed(order.OrderId!)
            : null;

    private static OrderCancelled? CallOff(Order order, Payment payment)
    {
        if (order.Status != OrderStatus.Placed) return null;
        if (!order.IsConfirmed && payment.IsDeclined) return new OrderCancelled(order.OrderId!, "payment_declined");
        var failed = order.Terms!.Capture == CaptureMoment.Placement && payment.StatusOf(CaptureId(null)) == PaymentOperationStatus.Failed;
        return failed ? new OrderCancelled(order.OrderId!, "payment_failed") : null;
    }

    private static PaymentCaptureRequested? CaptureAtPlacement(Order order, Payment payment) =>
        order is { Status: OrderStatus.Placed, IsConfirmed: true, Terms.Capture: CaptureMoment.Placement, Total.Minor: > 0 }
            ? Capture(payment, CaptureId(null), order.Total.Value.Minor)
            : null;

    private static PaymentCaptureRequested? CaptureParcel(Order order, Payment payment) =>
        order is { Terms.Capture: CaptureMoment.Shipment, Parcel: { Amount.Minor: > 0 } parcel }
            ? Capture(payment, CaptureId(parcel.ShipmentId), parcel.Amount.Minor)
            : null;

    private static PaymentCaptureRequested? Capture(Payment payment, string operationId, long amount) =>
        PaymentDecider.Decide(payment, new RequestCapture(payment.PaymentId!, operationId, amount)).Events is [PaymentCaptureRequested capture]
            ? capture
            : null;

    private static OrderShipped? Ship(Order order, Payment payment)
    {
        if (order.Parcel is not { } parcel) return null;
        var paid = parcel.Amount.Minor == 0 || payment.StatusOf(CaptureOf(order, parcel)) == PaymentOperationStatus.Succeeded;
        return paid ? new OrderShipped(order.OrderId!, parcel.ShipmentId) : null;
    }

    private static OrderShipmentDropped? DropParcel(Order order, Payment payment)
    {
        if (order.Parcel is not { Amount.Minor: > 0 } parcel) return null;
        // Without a capture it cannot ever be paid: the authorisation is used up or let go.
        return payment.StatusOf(CaptureOf(order, parcel)) is null or PaymentOperationStatus.Failed
            ? new OrderShipmentDropped(order.OrderId!, parcel.ShipmentId, "capture_failed")
            : null;
    }

    /// <summary>Money that was captured for an order that was called off since.</summary>
    private static PaymentRefundRequested? RefundCancelled(Order order, Payment payment) =>
        order.Status == OrderStatus.Cancelled && payment.Capturing == 0
            ? Refund(payment, "cancellation", payment.Captured - payment.Refunded - payment.Refunding)
            : null;

    private static PaymentRefundRequested? RefundCredit(Order order, Payment payment) =>
        order.Credits.Select(credit => Refund(payment, credit.CreditId, credit.Amount)).FirstOrDefault(refund => refund is not null);

    /// <summary>Money that was captured for a parcel whose goods turned out not to be there.</summary>
    private static PaymentRefundRequested? RefundDropped(Order order, Payment payment) => order.DroppedIds
        .Select(shipmentId => payment.Operations.GetValueOrDefault(CaptureId(shipmentId)))
        .Where(capture => capture?.Status == PaymentOperationStatus.Succeeded)
        .Select(capture => Refund(payment, capture!.OperationId, capture.Amount))
        .FirstOrDefault(refund => refund is not null);

    /// <summary>The first attempt, or the next one after those that failed.</summary>
    private static PaymentRefundRequested? Refund(Payment payment, string creditId, long amount)
    {
        if (amount <= 0) return null;
        for (var attempt = 1; attempt <= MostRefundAttempts; attempt++)
        {
            var operationId = attempt == 1 ? $"refund-{creditId}" : string.Create(CultureInfo.InvariantCulture, $"refund-{creditId}.{attempt}");
            var status = payment.StatusOf(operationId);
            if (status == PaymentOperationStatus.Failed) continue;
            return status is null && PaymentDecider.Decide(payment, new RequestRefund(payment.PaymentId!, operationId, amount)).Events is [PaymentRefundRequested refund]
                ? refund
                : null;
        }

        return null;
    }

    /// <summary>Lets go of what will never be captured: of a cancelled order all of it, of a settled one the rest.</summary>
    private static PaymentVoidRequested? LetGo(Order order, Payment payment)
    {
        if (!payment.Exists || !order.IsSettled || payment.Captured >= payment.Amount!.Value.Minor) return null;
        return PaymentDecider.Decide(payment, new RequestVoid(payment.PaymentId!)).Events is [PaymentVoidRequested let] ? let : null;
    }

    private static string CaptureOf(Order order, OrderShipmentPacked parcel) =>
        CaptureId(order.Terms!.Capture == CaptureMoment.Placement ? null : parcel.ShipmentId);
}
