using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.Api;

/// <summary>What one run of the load generator saw.</summary>
/// <param name="PerSecond">Replies a second.</param>
/// <param name="P50">Milliseconds that half of the replies took at most.</param>
/// <param name="P95">Milliseconds at the 95th percentile.</param>
/// <param name="P99">Milliseconds at the 99th percentile.</param>
/// <param name="Refused">Replies with a status of 400 or above.</param>
/// <param name="Broken">Connections that failed or timed out.</param>
internal sealed record LoadFigures(double PerSecond, double P50, double P95, double P99, long Refused, long Broken);

/// <summary>Debian's <c>wrk</c>, with the requests of a Lua script of ours.</summary>
internal sealed class WrkLoad(string program, string url, string token, int connections)
{
    /// <summary>The end of every script: what was seen, as one line of JSON.</summary>
    private const string Report =
        """

        function done(summary, latency)
          io.write(string.format('{"requests":%d,"micros":%d,"p50":%d,"p95":%d,"p99":%d,"refused":%d,"broken":%d}\n',
            summary.requests, summary.duration, latency:percentile(50), latency:percentile(95), latency:percentile(99), summary.errors.status,
            summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
        end
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Loads the server for some seconds.</summary>
    /// <param name="script">Lua that defines <c>request</c>.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ReplayException">It did not run.</exception>
    public async Task<LoadFigures> RunAsync(string script, int seconds, CancellationToken cancellation)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.lua");
        await File.WriteAllTextAsync(file, script + Report, cancellation);
        try
        {
            string[] arguments =
            [
                "-t", "1", "-c", connections.ToString(CultureInfo.InvariantCulture), "-d", $"{seconds}s", "-s", file,
                "-H", $"Authorization: Bearer {token}", "-H", "Content-Type: application/json", url,
            ];
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = await process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            var line = (await output).Split('\n').FirstOrDefault(text => text.StartsWith('{'));
            return process.ExitCode == 0 && line is not null
                ? Read(JsonSerializer.Deserialize<Seen>(line, Json)!)
                : throw new ReplayException($"wrk ended with {process.ExitCode}: {error.Trim()}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static LoadFigures Read(Seen seen) => new(
        Math.Round(seen.Requests / (seen.Micros / 1e6)), Math.Round(seen.P50 / 1e3, 2), Math.Round(seen.P95 / 1e3, 2), Math.Round(seen.P99 / 1e3, 2),
        seen.Refused, seen.Broken);

    private sealed record Seen(long Requests, long Micros, long P50, long P95, long P99, long Refused, long Broken);
}
