using System.Collections.Immutable;

namespace EcommerceAI.Commerce.Payments;

/// <summary>What a provider is asked to do.</summary>
public enum PaymentOperationKind
{
    /// <summary>Hold the amount.</summary>
    Authorisation,

    /// <summary>Take held money.</summary>
    Capture,

    /// <summary>Give taken money back.</summary>
    Refund,

    /// <summary>Let go of what is held and not taken.</summary>
    Void,
}

/// <summary>How far an operation has come.</summary>
public enum PaymentOperationStatus
{
    /// <summary>The provider was asked or will be; nobody knows its answer.</summary>
    Requested,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>Refused by the provider.</summary>
    Failed,
}

/// <summary>Something that the provider is asked to do, once: asked again under the same id it gives the same answer.</summary>
/// <param name="OperationId">Its id within the payment.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Amount">Minor units; 0 for a void.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="Number">1 for the payment's first, in the order they were requested.</param>
public sealed record PaymentOperation(string OperationId, PaymentOperationKind Kind, long Amount, PaymentOperationStatus Status, int Number);

/// <summary>The payment of an order as its stream tells it: a set of operations that settle each for itself, in whatever order.</summary>
/// <param name="PaymentId">The payment's id, that of its order; null before it is requested.</param>
/// <param name="Method">The method, or null before.</param>
/// <param name="Token">What the provider knows the instrument by, or null before.</param>
/// <param name="Amount">What is to be authorised; null before.</param>
/// <param name="Operations">Operations by their ids.</param>
public sealed record Payment(
    string? PaymentId, string? Method, string? Token, Money? Amount, ImmutableDictionary<string, PaymentOperation> Operations)
{
    /// <summary>Id of the one authorisation.</summary>
    public const string Authorisation = "authorisation";

    /// <summary>Id of the one void.</summary>
    public const string Void = "void";

    /// <summary>The state before the first event.</summary>
    public static Payment Initial { get; } = new(null, null, null, null, ImmutableDictionary<string, PaymentOperation>.Empty);

    /// <summary>Whether the payment was requested.</summary>
    public bool Exists => PaymentId is not null;

    /// <summary>Whether the provider holds or held the amount.</summary>
    public bool IsAuthorised => StatusOf(Authorisation) == PaymentOperationStatus.Succeeded;

    /// <summary>Whether the provider refused the amount.</summary>
    public bool IsDeclined => StatusOf(Authorisation) == PaymentOperationStatus.Failed;

    /// <summary>Captured money, in minor units.</summary>
    public long Captured => Sum(PaymentOperationKind.Capture, PaymentOperationStatus.Succeeded);

    /// <summary>Refunded money, in minor units.</summary>
    public long Refunded => Sum(PaymentOperationKind.Refund, PaymentOperationStatus.Succeeded);

    /// <summary>Money in captures whose answer is not known, in minor units.</summary>
    public long Capturing => Sum(PaymentOperationKind.Capture, PaymentOperationStatus.Requested);

    /// <summary>Money in refunds whose answer is not known, in minor units.</summary>
    public long Refunding => Sum(PaymentOperationKind.Refund, PaymentOperationStatus.Requested);

    /// <summary>Operations whose answer is not known, in the order they were requested.</summary>
    public IReadOnlyList<PaymentOperation> Outstanding =>
        [.. Operations.Values.Where(operation => operation.Status == PaymentOperationStatus.Requested && !IsMoot(operation)).OrderBy(operation => operation.Number)];

    /// <summary>The key of a payment's stream, <c>payment-{id}</c>.</summary>
    /// <param name="paymentId">The payment's id.</param>
    /// <exception cref="ArgumentException"><paramref name="paymentId"/> is no id.</exception>
    public static string StreamKey(string paymentId) => IdFormat.StreamKey("payment", paymentId);

    /// <summary>How far an operation has come, or null where there is none of this id.</summary>
    /// <param name="operationId">Its id within the payment.</param>
    public PaymentOperationStatus? StatusOf(string operationId) => Operations.GetValueOrDefault(operationId)?.Status;

    /// <summary>Folds one event into the state; takes any history.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static Payment Evolve(Payment state, DomainEvent @event) => @event switch
    {
        PaymentRequested requested => (Initial with
        {
            PaymentId = requested.PaymentId,
            Method = requested.Method,
            Token = requested.Token,
            Amount = requested.Amount,
        }).Begin(Authorisation, PaymentOperationKind.Authorisation, requested.Amount.Minor),
        PaymentAuthorised => state.End(Authorisation, PaymentOperationStatus.Succeeded),
        PaymentDeclined => state.End(Authorisation, PaymentOperationStatus.Failed),
        PaymentCaptureRequested capture => state.Begin(capture.OperationId, PaymentOperationKind.Capture, capture.Amount),
        PaymentCaptured captured => state.End(captured.OperationId, PaymentOperationStatus.Succeeded),
        PaymentCaptureFailed failed => state.End(failed.OperationId, PaymentOperationStatus.Failed),
        PaymentRefundRequested refund => state.Begin(refund.OperationId, PaymentOperationKind.Refund, refund.Amount),
        PaymentRefunded refunded => state.End(refunded.OperationId, PaymentOperationStatus.Succeeded),
        PaymentRefundFailed failed => state.End(failed.OperationId, PaymentOperationStatus.Failed),
        PaymentVoidRequested => state.Begin(Void, PaymentOperationKind.Void, 0),
        PaymentVoided => state.End(Void, PaymentOperationStatus.Succeeded),
        _ => state,
    };

    /// <summary>An authorisation that is to be voided is not asked for any more: the void settles it, whatever became of it.</summary>
    private bool IsMoot(PaymentOperation operation) =>
        operation.Kind == PaymentOperationKind.Authorisation && Operations.ContainsKey(Void);

    private Payment Begin(string operationId, PaymentOperationKind kind, long amount) => this with
    {
        Operations = Operations.SetItem(
            operationId, new PaymentOperation(operationId, kind, amount, PaymentOperationStatus.Requested, Operations.Count + 1)),
    };

    private Payment End(string operationId, PaymentOperationStatus status) => Operations.TryGetValue(operationId, out var operation)
        ? this with { Operations = Operations.SetItem(operationId, operation with { Status = status }) }
        : this;

    private long Sum(PaymentOperationKind kind, PaymentOperationStatus status) =>
        Operations.Values.Where(operation => operation.Kind == kind && operation.Status == status).Sum(operation => operation.Amount);
}
