using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Commands;

/// <summary>
/// Lets the commands of this process that load the same stream decide one after another, each on the state that the one before left,
/// before that is durable: so their appends travel in one transaction instead of one after another, and none decides on a version that
/// is about to change. Only a courtesy: the version check is what keeps a stream right, so whoever has waited long enough (a ring of
/// waiters, a slow database) goes on without its turn.
/// </summary>
internal sealed class HotStreams : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, HotStream> _streams = new(StringComparer.Ordinal);

    // One clock for all that wait: a timer each would cost more than the turn that it guards.
    private readonly Timer _clock;

    public HotStreams() => _clock = new Timer(_ => SendOn(), null, Patience / 8, Patience / 8);

    /// <summary>Waits for the turn at a stream.</summary>
    /// <returns>To be disposed when the command's outcome is known; null when waiting took too long.</returns>
    public async ValueTask<Turn?> EnterAsync(string streamId, CancellationToken cancellation)
    {
        HotStream? stream;
        lock (_streams)
        {
            if (!_streams.TryGetValue(streamId, out stream)) _streams[streamId] = stream = new HotStream(streamId);
            stream.Users++;
        }

        try
        {
            if (await stream.Line.EnterAsync(cancellation)) return new Turn(this, stream);
        }
        catch (OperationCanceledException)
        {
            Forget(stream);
            throw;
        }

        Forget(stream);
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _clock.Dispose();

    private void Forget(HotStream stream)
    {
        lock (_streams)
        {
            if (--stream.Users == 0) _streams.Remove(stream.StreamId);
        }
    }

    private void SendOn()
    {
        lock (_streams)
        {
            foreach (var stream in _streams.Values) stream.Line.SendOn(Patience);
        }
    }

    /// <summary>A command's turn at a stream.</summary>
    public sealed class Turn(HotStreams streams, HotStream stream) : IDisposable
    {
        private bool _left;

        /// <summary>What the command before has decided and nobody knows to be durable yet, or null.</summary>
        public PendingState? Pending => stream.Pending is { Append.HasFailed: false } pending ? pending : null;

        /// <summary>Tells those behind what this command decided, and lets the next one go.</summary>
        /// <param name="pending">The append, which has its place in the queue, and the states after it; null when it appends nothing here.</param>
        public void Leave(PendingState? pending = null)
        {
            if (_left) return;
            if (pending is not null) stream.Pending = pending;
            _left = true;
            stream.Line.Leave();
        }

        /// <summary>The outcome of an append is known, so that nobody has to rest on it any more.</summary>
        /// <returns>Whether it was the last one, whose states are the newest.</returns>
        public bool Settle(PendingAppend append)
        {
            var pending = stream.Pending;
            return pending?.Append == append && Interlocked.CompareExchange(ref stream.Pending, null, pending) == pending;
        }

        /// <summary>Leaves if that was not done, and forgets the stream when nobody else uses it.</summary>
        public void Dispose()
        {
            Leave();
            streams.Forget(stream);
        }
    }

    /// <summary>A stream that commands are at work on.</summary>
    internal sealed class HotStream(string streamId)
    {
        /// <summary>Written by the one whose turn it is, cleared by the one whose append it is.</summary>
#pragma warning disable CA1051, S1104, MA0069 // A field, for compare and exchange.
        public PendingState? Pending;
#pragma warning restore CA1051, S1104, MA0069

        public string StreamId { get; } = streamId;

        public Line Line { get; } = new();

        /// <summary>Those who hold or wait for the turn or for an outcome; guarded by the dictionary's lock.</summary>
        public int Users { get; set; }
    }
}

/// <summary>What a stream will be once an append is durable.</summary>
/// <param name="Append">The append.</param>
/// <param name="States">The states after it that somebody loaded.</param>
internal sealed record PendingState(PendingAppend Append, IReadOnlyList<LoadedState> States);
