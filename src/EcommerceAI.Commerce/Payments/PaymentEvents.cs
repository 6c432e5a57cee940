namespace EcommerceAI.Commerce.Payments;

/// <summary>
/// What happens to the payment of an order; stream <c>payment-{orderId}</c>. A wish of ours (<c>…_requested</c>) is a fact before the
/// provider hears of it, so a wish is never lost in a crash; what the provider answers is a fact of its own, whenever and however often
/// it comes.
/// </summary>
/// <param name="PaymentId">The payment's id, that of its order.</param>
public abstract record PaymentEvent(string PaymentId) : DomainEvent;

/// <summary>The provider is to do something: what a process manager waits for.</summary>
/// <param name="PaymentId">The payment's id.</param>
public abstract record PaymentWish(string PaymentId) : PaymentEvent(PaymentId);

/// <summary>An order is to be paid: the amount is to be authorised. Event <c>payment_requested</c>.</summary>
/// <param name="PaymentId">The payment's id, that of its order.</param>
/// <param name="Method">The method, as the buyer chose it.</param>
/// <param name="Token">What the provider knows the instrument by.</param>
/// <param name="Amount">What the order comes to, above 0.</param>
public sealed record PaymentRequested(string PaymentId, string Method, string Token, Money Amount) : PaymentWish(PaymentId);

/// <summary>The provider holds the amount for us. Event <c>payment_authorised</c>.</summary>
/// <param name="PaymentId">The payment's id.</param>
/// <param name="Reference">The provider's reference, or null.</param>
public sealed record PaymentAuthorised(string PaymentId, string? Reference) : PaymentEvent(PaymentId);

/// <summary>The provider refused the amount. Event <c>payment_declined</c>.</summary>
/// <param name="PaymentId">The payment's id.</param>
/// <param name="Reason">The provider's code, or null.</param>
public sealed record PaymentDeclined(string PaymentId, string? Reason) : PaymentEvent(PaymentId);

/// <summary>Authorised money is to be taken. Event <c>payment_capture_requested</c>.</summary>
/// <param name="PaymentId">The payment's id.</param>
/// <param name="OperationId">The capture's id within the payment.</param>
/// <param name="Amount">Minor units, above 0.</param>
public sealed record PaymentCaptureRequested(string PaymentId, string OperationId, long Amount) : PaymentWish(PaymentId);

/// <summary>The money is ours. Event <c>payment_captured</c>.</summary>
/// <param name="PaymentId">The payment's id.</param>
/// <param name="OperationId">The capture's id within the payment.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Reference">The provider's reference, or null.</param>
public sealed record PaymentCaptured(string PaymentId, string OperationId, long Amount, string? Reference) : PaymentEvent(PaymentId);

/// <summary>The provider could not take the money. Event <c>payment_capture_failed</c>.</summary>
/// <param name="PaymentId">The payment's id.</param>
/// <param name="OperationId">The capture's id within the payment.</param>
/// <param name="Reason">The provider's code, or null.</param>
public sealed record PaymentCaptureFailed(string PaymentId, string OperationId, string? Reason) : PaymentEvent(PaymentId);

/// <summary>Captured money is to go back. Event <c>payment_refund_requested</c>.</summary>
/// <param name="PaymentId">The payment's id.</param>
/// <param name="OperationId">The refund's id within the payment.</param>
/// <param name="Amount">Minor units, above 0.</param>
public sealed record PaymentRefundRequested(string PaymentId, string OperationId, long Amount) : PaymentWish(PaymentId);

/// <summary>The money went back. Event <c>payment_refunded</c>.</summary>
/// <param name="PaymentId">The payment's id.</param>
/// <param name="OperationId">The refund's id within the payment.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Reference">The provider's reference, or null.</param>
public sealed record PaymentRefunded(string PaymentId, string OperationId, long Amount, string? Reference) : PaymentEvent(PaymentId);

/// <summary>The provider could not give the money back this time; it is asked again. Event <c>payment_refund_failed</c>.</summary>
/// <param name="PaymentId">The payment's id.</param>
/// <param name="OperationId">The refund's id within the payment.</param>
/// <param name="Reason">The provider's code, or null.</param>
public sealed record PaymentRefundFailed(string PaymentId, string OperationId, string? Reason) : PaymentEvent(PaymentId);

/// <summary>What is authorised and not captured is to be let go. Event <c>payment_void_requested</c>.</summary>
/// <param name="PaymentId">The payment's id.</param>
public sealed record PaymentVoidRequested(string PaymentId) : PaymentWish(PaymentId);

/// <summary>Nothing more can be captured of this payment. Event <c>payment_voided</c>.</summary>
/// <param name="PaymentId">The payment's id.</param>
/// <param name="Reference">The provider's reference, or null.</param>
public sealed record PaymentVoided(string PaymentId, string? Reference) : PaymentEvent(PaymentId);
