using System.Diagnostics;
using System.Globalization;

namespace EcommerceAI.Commerce.Payments;

/// <summary>What can be asked of a payment. The family is closed: <see cref="PaymentDecider"/> answers every member.</summary>
public abstract record PaymentCommand
{
    private protected PaymentCommand(string paymentId) => PaymentId = paymentId;

    /// <summary>The payment's id, that of its order, as <see cref="IdFormat"/> has it.</summary>
    public string PaymentId { get; init; }
}

/// <summary>Asks for an amount to be authorised.</summary>
/// <param name="PaymentId">The payment's id.</param>
/// <param name="Method">The method.</param>
/// <param name="Token">What the provider knows the instrument by.</param>
/// <param name="Amount">What the order comes to, above 0.</param>
public sealed record RequestPayment(string PaymentId, string Method, string Token, Money Amount) : PaymentCommand(PaymentId);

/// <summary>Asks for authorised money to be taken. Again under the same id changes nothing.</summary>
/// <param name="PaymentId">The payment's id.</param>
/// <param name="OperationId">The capture's id within the payment.</param>
/// <param name="Amount">Minor units, above 0.</param>
public sealed record RequestCapture(string PaymentId, string OperationId, long Amount) : PaymentCommand(PaymentId);

/// <summary>Asks for captured money to go back. Again under the same id changes nothing.</summary>
/// <param name="PaymentId">The payment's id.</param>
/// <param name="OperationId">The refund's id within the payment.</param>
/// <param name="Amount">Minor units, above 0.</param>
public sealed record RequestRefund(string PaymentId, string OperationId, long Amount) : PaymentCommand(PaymentId);

/// <summary>Asks for what is not captured to be let go. Again changes nothing.</summary>
/// <param name="PaymentId">The payment's id.</param>
public sealed record RequestVoid(string PaymentId) : PaymentCommand(PaymentId);

/// <summary>
/// What the provider said of an operation, in its reply or in a notice. The first answer counts: again, late or in another order
/// changes nothing.
/// </summary>
/// <param name="PaymentId">The payment's id.</param>
/// <param name="OperationId">The operation's id within the payment.</param>
/// <param name="Succeeded">Whether it was done.</param>
/// <param name="Reference">The provider's reference, or null.</param>
/// <param name="Reason">Why it was refused, as the provider codes it, or null.</param>
public sealed record RecordAnswer(string PaymentId, string OperationId, bool Succeeded, string? Reference = null, string? Reason = null)
    : PaymentCommand(PaymentId);

/// <summary>Decides what is asked of a payment: never captures more than is authorised, never refunds more than is captured.</summary>
public static class PaymentDecider
{
    /// <summary>
    /// Answers a command: with one event, none where it is said already, or with <c>payment_exists</c>, <c>unknown_payment</c>,
    /// <c>unknown_operation</c>, <c>not_authorised</c>, <c>payment_voided</c>, <c>capture_outstanding</c>,
    /// <c>capture_exceeds_authorisation</c> or <c>refund_exceeds_capture</c>.
    /// </summary>
    /// <param name="state">The payment as it stands.</param>
    /// <param name="command">What is asked.</param>
    public static Decision Decide(Payment state, PaymentCommand command)
    {
        if (command is RequestPayment request)
            return state.Exists
                ? Decision.Reject("payment_exists", $"Payment {command.PaymentId} was already requested.")
                : Decision.Accept(new PaymentRequested(request.PaymentId, request.Method, request.Token, request.Amount));
        if (!state.Exists) return Decision.NotFound("unknown_payment", $"There is no payment {command.PaymentId}.");
        return command switch
        {
            RequestCapture capture => Capture(state, capture),
            RequestRefund refund => Refund(state, refund),
            RequestVoid => Void(state),
            RecordAnswer answer => Record(state, answer),
            _ => throw new UnreachableException($"No rule for {command.GetType().Name}."),
        };
    }

    private static Decision Capture(Payment state, RequestCapture command)
    {
        if (state.Operations.ContainsKey(command.OperationId)) return Decision.Accept();
        if (!state.IsAuthorised) return Decision.Reject("not_authorised", $"Payment {command.PaymentId} is not authorised.");
        if (state.Operations.ContainsKey(Payment.Void)) return Decision.Reject("payment_voided", $"Payment {command.PaymentId} is voided.");
        var open = state.Amount!.Value.Minor - state.Captured - state.Capturing;
        return command.Amount > open || command.Amount <= 0
            ? Decision.Reject(
                "capture_exceeds_authorisation",
                string.Create(CultureInfo.InvariantCulture, $"{command.Amount} to be captured; {open} of payment {command.PaymentId} are open."), "amount")
            : Decision.Accept(new PaymentCaptureRequested(command.PaymentId, command.OperationId, command.Amount));
    }

    private static Decision Refund(Payment state, RequestRefund command)
    {
        if (state.Operations.ContainsKey(command.OperationId)) return Decision.Accept();
        var open = state.Captured - state.Refunded - state.Refunding;
        return command.Amount > open || command.Amount <= 0
            ? Decision.Reject(
                "refund_exceeds_capture",
                string.Create(CultureInfo.InvariantCulture, $"{command.Amount} to be refunded; {open} of payment {command.PaymentId} are left."), "amount")
            : Decision.Accept(new PaymentRefundRequested(command.PaymentId, command.OperationId, command.Amount));
    }

    private static Decision Void(Payment state)
    {
        if (state.Operations.ContainsKey(Payment.Void) || state.IsDeclined) return Decision.Accept();
        return state.Capturing > 0
            ? Decision.Reject("capture_outstanding", $"A capture of payment {state.PaymentId} is not answered yet.")
            : Decision.Accept(new PaymentVoidRequested(state.PaymentId!));
    }

    private static Decision Record(Payment state, RecordAnswer command)
    {
        if (!state.Operations.TryGetValue(command.OperationId, out var operation))
            return Decision.NotFound("unknown_operation", $"Payment {command.PaymentId} has no operation {command.OperationId}.");
        if (operation.Status != PaymentOperationStatus.Requested) return Decision.Accept();
        var (id, reference, reason) = (command.PaymentId, command.Reference, command.Reason);
        return (operation.Kind, command.Succeeded) switch
        {
            // Notice of an authorisation that a void has settled since: it holds nothing any more.
            (PaymentOperationKind.Authorisation, _) when state.StatusOf(Payment.Void) == PaymentOperationStatus.Succeeded => Decision.Accept(),
            (PaymentOperationKind.Authorisation, true) => Decision.Accept(new PaymentAuthorised(id, reference)),
            (PaymentOperationKind.Authorisation, false) => Decision.Accept(new PaymentDeclined(id, reason)),
            (PaymentOperationKind.Capture, true) => Decision.Accept(new PaymentCaptured(id, operation.OperationId, operation.Amount, reference)),
            (PaymentOperationKind.Capture, false) => Decision.Accept(new PaymentCaptureFailed(id, operation.OperationId, reason)),
            (PaymentOperationKind.Refund, true) => Decision.Accept(new PaymentRefunded(id, operation.OperationId, operation.Amount, reference)),
            (PaymentOperationKind.Refund, false) => Decision.Accept(new PaymentRefundFailed(id, operation.OperationId, reason)),
            (PaymentOperationKind.Void, true) => Decision.Accept(new PaymentVoided(id, reference)),
            // What cannot be let go now lapses by itself or can be let go later: it stays to be asked for.
            _ => Decision.Accept(),
        };
    }
}
