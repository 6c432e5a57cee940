using System.Collections.Concurrent;
using System.Diagnostics;

namespace EcommerceAI.EventSourcing.Tests.Crashes;

/// <summary>A <see cref="CrashingHost"/> in a process of its own, and what it has said.</summary>
internal sealed class CrashingProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private int _swaps;

    private CrashingProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    public ConcurrentQueue<Guid> Acknowledged { get; } = [];

    public ConcurrentQueue<string> Failures { get; } = [];

    public int Swaps => Volatile.Read(ref _swaps);

    public bool HasExited => _process.HasExited;

    public static CrashingProcess Start(params IEnumerable<string> arguments) => new(Process.Start(new ProcessStartInfo(
        "dotnet", [typeof(CrashingHost).Assembly.Location, .. arguments])
    { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!);

    /// <summary>SIGKILL, and then all that it had said before.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    public async Task<string> ErrorsAsync() => await _errors;

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            // A line that was cut off by the kill is no whole id, and so no acknowledgement.
            if (line is "R") Interlocked.Increment(ref _swaps);
            else if (line.StartsWith("A ", StringComparison.Ordinal) && Guid.TryParseExact(line[2..], "D", out var id)) Acknowledged.Enqueue(id);
            else if (line.StartsWith("F ", StringComparison.Ordinal)) Failures.Enqueue(line[2..]);
        }
    }
}
