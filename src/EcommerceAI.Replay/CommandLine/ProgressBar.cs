using System.Diagnostics;
using Spectre.Console;

namespace EcommerceAI.Replay.CommandLine;

/// <summary>
/// Shows how far a long task is, its rate and the time left, on standard error so that standard output stays clean: a bar on a
/// terminal, a line every few seconds elsewhere.
/// </summary>
public static class ProgressBar
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    /// <summary>Runs a task under a bar.</summary>
    /// <typeparam name="T">What the task gives.</typeparam>
    /// <param name="title">What is being done.</param>
    /// <param name="total">The value at which the task is done.</param>
    /// <param name="run">The task; it reports how far it is.</param>
    /// <param name="unit">What is counted.</param>
    public static async Task<T> RunAsync<T>(string title, long total, Func<IProgress<long>, Task<T>> run, string unit = "events")
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (!console.Profile.Capabilities.Interactive || Console.IsErrorRedirected) return await run(new Lines(title, total, unit));
        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(unit), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(title, maxValue: Math.Max(1, total));
                var result = await run(new Inline(value => bar.Value = value));
                bar.Value = bar.MaxValue;
                return result;
            });
    }

    private sealed class Inline(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }

    /// <summary>Units per second, as the bar has seen them.</summary>
    private sealed class RateColumn(string unit) : ProgressColumn
    {
        public override Spectre.Console.Rendering.IRenderable Render(Spectre.Console.Rendering.RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text($"{task.Speed ?? 0:N0} {unit}/s");
    }

    private sealed class Lines(string title, long total, string unit) : IProgress<long>
    {
        private readonly long _started = Stopwatch.GetTimestamp();
        private long _first = -1;
        private TimeSpan _next = LineInterval;

        public void Report(long value)
        {
            if (_first < 0) _first = value;
            var elapsed = Stopwatch.GetElapsedTime(_started);
            if (elapsed < _next) return;
            _next = elapsed + LineInterval;
            var rate = (value - _first) / elapsed.TotalSeconds;
            var left = rate > 0 ? TimeSpan.FromSeconds((total - value) / rate) : TimeSpan.Zero;
            Console.Error.WriteLine($"{title}: {value:N0} of {total:N0} {unit}, {rate:N0}/s, {left:mm\\:ss} left");
        }
    }
}
