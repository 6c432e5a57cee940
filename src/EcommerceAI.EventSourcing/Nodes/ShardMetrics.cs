using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EcommerceAI.EventSourcing.Nodes;

/// <summary>
/// What monitoring sees of the shards that this node runs, under the meter <c>EcommerceAI.EventSourcing</c>. A node that stands by
/// reports no lag and no state, so that each shard is reported by its owner alone.
/// </summary>
internal sealed class ShardMetrics : IDisposable
{
    public const string MeterName = "EcommerceAI.EventSourcing";

    private readonly Meter _meter = new(MeterName);
    private readonly ConcurrentDictionary<string, State> _states = new(StringComparer.Ordinal);
    private readonly Func<long> _mark;
    private readonly string _kind;
    private readonly Counter<long> _events;
    private readonly Counter<long> _failures;

    /// <summary>Makes the instruments of one kind of shard.</summary>
    /// <param name="kind"><c>projection</c> or <c>subscription</c>: part of the instruments' names, and the tag that names the shard.</param>
    /// <param name="mark">The high-water mark as it is known here.</param>
    public ShardMetrics(string kind, Func<long> mark)
    {
        (_kind, _mark) = (kind, mark);
        _events = _meter.CreateCounter<long>($"ecommerceai.{kind}.events", "{event}", "Events that were applied or delivered.");
        _failures = _meter.CreateCounter<long>($"ecommerceai.{kind}.failures", "{failure}", "Failed attempts.");
        _meter.CreateObservableGauge(
            $"ecommerceai.{kind}.lag", () => Observe(state => Math.Max(0, _mark() - state.Checkpoint)), "{position}", "Positions behind the high-water mark.");
        _meter.CreateObservableGauge($"ecommerceai.{kind}.up", () => Observe(state => state.IsUp ? 1 : 0), "1", "1 while it runs, 0 while it stands still.");
    }

    /// <summary>The shard stands at a checkpoint and runs.</summary>
    public void Moved(string name, long checkpoint, int events)
    {
        _states[name] = new State(checkpoint, true);
        if (events > 0) _events.Add(events, Tag(name));
    }

    /// <summary>An attempt failed; the shard stands still where it stood.</summary>
    public void Failed(string name)
    {
        _states.AddOrUpdate(name, _ => new State(0, false), (_, state) => state with { IsUp = false });
        _failures.Add(1, Tag(name));
    }

    /// <summary>Another node runs it from now on.</summary>
    public void Left(string name) => _states.TryRemove(name, out _);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private KeyValuePair<string, object?> Tag(string name) => new(_kind, name);

    private IEnumerable<Measurement<long>> Observe(Func<State, long> value) =>
        _states.Select(pair => new Measurement<long>(value(pair.Value), Tag(pair.Key)));

    private sealed record State(long Checkpoint, bool IsUp);
}
