using System.Collections.Concurrent;
using System.Threading.Channels;
using EcommerceAI.Commerce.Payments;

namespace EcommerceAI.Api.Payments;

/// <summary>
/// A provider without money: deterministic, told by the instrument's token (<see cref="SandboxScript"/>) to decline, to lose requests
/// and replies, to answer twice, late, and by notices out of order. It keeps books of its own, as a real one does, so that what it
/// holds and took can be compared with what we believe.
/// </summary>
internal sealed class SandboxProvider : IPaymentProvider
{
    /// <summary>Payments that it remembers; beyond that the oldest are forgotten, and an operation on such a one is taken as it comes.</summary>
    private const int MostPayments = 100_000;

    private readonly ConcurrentDictionary<string, SandboxAccount> _accounts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();
    private readonly Channel<(ProviderNotice Notice, int After)> _notices = Channel.CreateUnbounded<(ProviderNotice, int)>();

    /// <summary>Notices that wait to be sent, each with how many later ones overtake it.</summary>
    public ChannelReader<(ProviderNotice Notice, int After)> Notices => _notices.Reader;

    /// <summary>Its books on a payment, or null where it has none.</summary>
    public SandboxAccount? AccountOf(string paymentId) => _accounts.GetValueOrDefault(paymentId);

    /// <inheritdoc/>
    public Task<ProviderAnswer> ExecuteAsync(ProviderRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var account = _accounts.GetOrAdd(request.PaymentId, Open);
        lock (account)
        {
            var step = SandboxScript.Of(request, account.Attempt(request.OperationId));
            if (step.Reply == SandboxReply.LoseRequest) throw new TimeoutException("The request was lost.");
            var refusal = account.Carry(request, step.Refusal);
            var reference = $"sandbox-{request.PaymentId}-{request.OperationId}";
            for (var i = 0; i < step.Notices; i++)
                _notices.Writer.TryWrite((new ProviderNotice(request.PaymentId, request.OperationId, refusal is null, reference, refusal), step.NoticeAfter));
            return step.Reply switch
            {
                SandboxReply.LoseReply => throw new TimeoutException("The reply was lost."),
                SandboxReply.Later => Task.FromResult(new ProviderAnswer(ProviderOutcome.Pending)),
                _ when refusal is null => Task.FromResult(new ProviderAnswer(ProviderOutcome.Succeeded, reference)),
                _ => Task.FromResult(new ProviderAnswer(ProviderOutcome.Failed, reference, refusal)),
            };
        }
    }

    private SandboxAccount Open(string paymentId)
    {
        _order.Enqueue(paymentId);
        if (_order.Count > MostPayments && _order.TryDequeue(out var oldest)) _accounts.TryRemove(oldest, out _);
        return new SandboxAccount();
    }
}

/// <summary>What the sandbox knows of a payment. Guarded by a lock on itself.</summary>
internal sealed class SandboxAccount
{
    private readonly Dictionary<string, string?> _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _attempts = new(StringComparer.Ordinal);

    /// <summary>What it holds or held, in minor units; null where no authorisation came.</summary>
    public long? Authorised { get; private set; }

    /// <summary>What it took, in minor units.</summary>
    public long Captured { get; private set; }

    /// <summary>What it gave back, in minor units.</summary>
    public long Refunded { get; private set; }

    /// <summary>Whether nothing more can be taken.</summary>
    public bool IsVoided { get; private set; }

    /// <summary>Counts an attempt at an operation: 1 for the first.</summary>
    internal int Attempt(string operationId) => _attempts[operationId] = _attempts.GetValueOrDefault(operationId) + 1;

    /// <summary>Carries an operation out, once.</summary>
    /// <returns>Why it was refused, or null; the same however often it is asked for.</returns>
    internal string? Carry(ProviderRequest request, string? refusal)
    {
        if (!_answers.TryGetValue(request.OperationId, out var answer))
            _answers[request.OperationId] = answer = refusal ?? (request.Kind switch
            {
                PaymentOperationKind.Authorisation => Authorise(request.Amount.Minor),
                PaymentOperationKind.Capture => Capture(request.Amount.Minor),
                PaymentOperationKind.Refund => Refund(request.Amount.Minor),
                _ => Void(),
            });
        return answer;
    }

    private string? Authorise(long amount)
    {
        if (IsVoided) return "voided";
        Authorised = amount;
        return null;
    }

    private string? Capture(long amount)
    {
        if (IsVoided) return "voided";
        if (Captured + amount > (Authorised ?? long.MaxValue)) return "exceeds_authorisation";
        Captured += amount;
        return null;
    }

    private string? Refund(long amount)
    {
        if (Authorised is not null && Refunded + amount > Captured) return "exceeds_capture";
        Refunded += amount;
        return null;
    }

    private string? Void()
    {
        IsVoided = true;
        return null;
    }
}
