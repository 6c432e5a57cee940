using System.Diagnostics;
using System.Text;

namespace EcommerceAI.Replay.Tests.Import;

/// <summary>The tool as an operator runs it: a process of its own.</summary>
internal sealed class ReplayProcess : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly StringBuilder _outputSoFar = new();
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private ReplayProcess(Process process)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput);
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it has written until now.</summary>
    public string OutputSoFar
    {
        get
        {
            lock (_outputSoFar) return _outputSoFar.ToString();
        }
    }

    public bool HasExited => _process.HasExited;

    public static ReplayProcess Start(params IEnumerable<string> arguments) => Start(arguments, []);

    /// <summary>Starts the tool with further variables in its environment.</summary>
    public static ReplayProcess Start(IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "EcommerceAI.Replay.dll") },
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new ReplayProcess(Process.Start(start)!);
    }

    /// <summary>Runs a command line to its end.</summary>
    public static async Task<ReplayResult> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = Start(arguments);
        return await process.WaitAsync();
    }

    /// <summary>SIGKILL: the process gets no chance to clean up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<ReplayResult> WaitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Bound);
        return new ReplayResult(_process.ExitCode, await _output, await _errors);
    }

    private async Task<string> ReadAsync(StreamReader output)
    {
        var buffer = new char[4096];
        for (int read; (read = await output.ReadAsync(buffer)) > 0;)
        {
            lock (_outputSoFar) _outputSoFar.Append(buffer, 0, read);
        }

        return OutputSoFar;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}

/// <summary>How a run ended.</summary>
internal sealed record ReplayResult(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
