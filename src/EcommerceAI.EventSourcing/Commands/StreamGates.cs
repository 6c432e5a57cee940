namespace EcommerceAI.EventSourcing.Commands;

/// <summary>
/// Lets the commands of this process that load the same stream go one after another, so that they do not decide on a version that
/// the one before is about to change, lose at the append and start over. Only a courtesy: the version check is what keeps a stream
/// right, so whoever has waited long enough (a ring of waiters, a slow database) goes on without the gate.
/// </summary>
internal sealed class StreamGates
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Gate> _gates = new(StringComparer.Ordinal);

    /// <summary>Waits for the stream's gate.</summary>
    /// <returns>To be disposed when the command is done, or null when waiting took too long.</returns>
    public async Task<IDisposable?> EnterAsync(string streamId, CancellationToken cancellation)
    {
        Gate? gate;
        lock (_gates)
        {
            if (!_gates.TryGetValue(streamId, out gate)) _gates[streamId] = gate = new Gate(this, streamId);
            gate.Users++;
        }

        try
        {
            if (await gate.Turn.WaitAsync(Patience, cancellation)) return gate;
        }
        catch (OperationCanceledException)
        {
            Forget(gate);
            throw;
        }

        Forget(gate);
        return null;
    }

    private void Forget(Gate gate)
    {
        lock (_gates)
        {
            if (--gate.Users > 0) return;
            _gates.Remove(gate.StreamId);
        }

        gate.Turn.Dispose();
    }

    private sealed class Gate(StreamGates gates, string streamId) : IDisposable
    {
        public string StreamId { get; } = streamId;

        public SemaphoreSlim Turn { get; } = new(1, 1);

        /// <summary>Holder and waiters; guarded by the dictionary's lock.</summary>
        public int Users { get; set; }

        public void Dispose()
        {
            Turn.Release();
            gates.Forget(this);
        }
    }
}
