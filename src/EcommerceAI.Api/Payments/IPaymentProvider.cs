using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Payments;

namespace EcommerceAI.Api.Payments;

/// <summary>
/// Whoever moves the money. An operation asked for again under the same ids must give the same answer and have its effect once: after a
/// crash or a lost reply it is asked again.
/// </summary>
public interface IPaymentProvider
{
    /// <summary>Carries out an operation.</summary>
    /// <param name="request">What is to be done.</param>
    /// <param name="cancellation">Gives up waiting; what becomes of the operation is unknown then.</param>
    /// <returns>The answer. An exception, a timeout too, means that nobody knows.</returns>
    Task<ProviderAnswer> ExecuteAsync(ProviderRequest request, CancellationToken cancellation);
}

/// <summary>An operation as a provider is asked for it.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="OperationId">The operation's id within the payment; with it the idempotency key.</param>
/// <param name="Kind">What is to be done.</param>
/// <param name="Amount">How much; 0 for a void.</param>
/// <param name="Method">The method, as the buyer chose it.</param>
/// <param name="Token">What the provider knows the instrument by.</param>
public sealed record ProviderRequest(string PaymentId, string OperationId, PaymentOperationKind Kind, Money Amount, string Method, string Token);

/// <summary>What became of an operation.</summary>
public enum ProviderOutcome
{
    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>Refused, for good.</summary>
    Failed,

    /// <summary>Taken on; a notice will tell.</summary>
    Pending,
}

/// <summary>A provider's answer.</summary>
/// <param name="Outcome">What became of the operation.</param>
/// <param name="Reference">The provider's reference, or null.</param>
/// <param name="Reason">Why it was refused, as the provider codes it, or null.</param>
public sealed record ProviderAnswer(ProviderOutcome Outcome, string? Reference = null, string? Reason = null);

/// <summary>What a provider tells by itself, as often and as late as it likes.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="OperationId">The operation's id within the payment.</param>
/// <param name="Succeeded">Whether it was done; false means refused for good.</param>
/// <param name="Reference">The provider's reference, or null.</param>
/// <param name="Reason">Why it was refused, or null.</param>
public sealed record ProviderNotice(string PaymentId, string OperationId, bool Succeeded, string? Reference = null, string? Reason = null);
