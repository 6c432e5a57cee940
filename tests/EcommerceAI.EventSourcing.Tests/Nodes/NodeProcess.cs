using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace EcommerceAI.EventSourcing.Tests.Nodes;

/// <summary>A second node, which can be frozen and woken.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private NodeProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => _lines.Writer.TryWrite(line.Data ?? "(the end of the output)");
        _process.BeginOutputReadLine();
    }

    public static NodeProcess Start(string connectionString, string name) => new(Process.Start(new ProcessStartInfo("dotnet")
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        ArgumentList = { Path.Combine(AppContext.BaseDirectory, "EcommerceAI.EventSourcing.Tests.dll"), "node", connectionString, name },
    })!);

    /// <summary>Waits until the process has said something, 30 s at most.</summary>
    public async Task UntilSaidAsync(string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var line in _lines.Reader.ReadAllAsync(patience.Token))
        {
            if (line.Contains(text, StringComparison.Ordinal)) return;
        }
    }

    /// <summary>SIGSTOP: not one more instruction until it is woken.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Tells it to go on with what it waited in, and lets it run again.</summary>
    public async Task WakeAsync()
    {
        await _process.StandardInput.WriteLineAsync("go on");
        await _process.StandardInput.FlushAsync();
        await SignalAsync("CONT");
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0) throw new InvalidOperationException($"kill -{signal} ended with {kill.ExitCode}.");
    }
}
