using EcommerceAI.Api.Hosting;

namespace EcommerceAI.Replay.Bench;

/// <summary>The whole API in this process, for who measures it: quiet, and with no bound on what one client may ask for.</summary>
internal static class MeasuredApi
{
    private const string Unlimited = "1000000";

    /// <summary>Starts it.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="folder">Where it keeps its files; to be deleted afterwards.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<RunningApi> StartAsync(string connectionString, string folder, CancellationToken cancellation) => RunningApi.StartAsync(
        [
            $"--ConnectionStrings:EventStore={connectionString}", $"--ECOMMERCEAI_DATA={folder}", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error",
            $"--Security:Limits:PerAddress={Unlimited}", $"--Security:Limits:PerPrincipal={Unlimited}",
        ],
        cancellation: cancellation);
}
