using System.Diagnostics;
using System.Net.Sockets;
using EcommerceAI.Api.Security;

namespace EcommerceAI.Api.Tests.FlashSales;

/// <summary>The API as an operator runs it, a process of its own that can be killed and started again.</summary>
internal sealed class ApiProcess(string connectionString) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ecommerceai-api-process-").FullName;
    private Process? _process;

    public string Url { get; } = $"http://127.0.0.1:{FreePort()}";

    public async Task StartAsync()
    {
        var process = Process.Start(new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "EcommerceAI.Api.dll"), $"--urls={Url}", $"--ConnectionStrings:EventStore={connectionString}",
                $"--ECOMMERCEAI_DATA={_folder}", "--ECOMMERCEAI_CHAIN=off",
                $"--{Tokens.KeySetting}={ApiFixture.SigningKey}",
            },
        })!;
        _process = process;
        var ready = new TaskCompletionSource();
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) ready.TrySetException(new InvalidOperationException("The API ended before it was ready."));
            else if (line.Data.Contains("is ready at", StringComparison.Ordinal)) ready.TrySetResult();
        };
        process.BeginOutputReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    /// <summary>SIGKILL: the process gets no chance to clean up.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        if (_process is { HasExited: false }) _process.Kill();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
