namespace EcommerceAI.Commerce.Payments;

/// <summary>Money that is held, taken and given back.</summary>
public static class PaymentsContext
{
    /// <summary>The context's plain data.</summary>
    public static BoundedContext Context { get; } = new(
        "Payments",
        new Dictionary<string, Type>(StringComparer.Ordinal)
        {
            ["payment_requested"] = typeof(PaymentRequested),
            ["payment_authorised"] = typeof(PaymentAuthorised),
            ["payment_declined"] = typeof(PaymentDeclined),
            ["payment_capture_requested"] = typeof(PaymentCaptureRequested),
            ["payment_captured"] = typeof(PaymentCaptured),
            ["payment_capture_failed"] = typeof(PaymentCaptureFailed),
            ["payment_refund_requested"] = typeof(PaymentRefundRequested),
            ["payment_refunded"] = typeof(PaymentRefunded),
            ["payment_refund_failed"] = typeof(PaymentRefundFailed),
            ["payment_void_requested"] = typeof(PaymentVoidRequested),
            ["payment_voided"] = typeof(PaymentVoided),
        },
        new Dictionary<string, StateFold>(StringComparer.Ordinal)
        {
            ["payment"] = StateFold.Of(Payment.Initial, Payment.Evolve),
        });
}
