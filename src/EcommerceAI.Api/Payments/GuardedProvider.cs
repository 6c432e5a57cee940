using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace EcommerceAI.Api.Payments;

/// <summary>
/// A provider behind a deadline and a circuit breaker: one that hangs costs a request no more than the deadline, one that is down is
/// left alone for a while. Nothing is retried here: what nobody knows is asked again by a durable timer.
/// </summary>
/// <param name="inner">The provider.</param>
/// <param name="deadline">The longest wait for an answer.</param>
/// <param name="pause">How long it is left alone once half of its answers of the last 30 s are missing.</param>
internal sealed class GuardedProvider(IPaymentProvider inner, TimeSpan deadline, TimeSpan pause) : IPaymentProvider
{
    private readonly ResiliencePipeline<ProviderAnswer> _pipeline = new ResiliencePipelineBuilder<ProviderAnswer>()
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<ProviderAnswer>
        {
            FailureRatio = 0.5,
            MinimumThroughput = 20,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = pause,
            ShouldHandle = new PredicateBuilder<ProviderAnswer>().Handle<Exception>(failure => failure is not OperationCanceledException),
        })
        .AddTimeout(new TimeoutStrategyOptions { Timeout = deadline })
        .Build();

    /// <inheritdoc/>
    public Task<ProviderAnswer> ExecuteAsync(ProviderRequest request, CancellationToken cancellation) =>
        _pipeline.ExecuteAsync(async token => await inner.ExecuteAsync(request, token), cancellation).AsTask();
}
