using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EcommerceAI.Replay.CommandLine;
using Npgsql;

namespace EcommerceAI.Replay.Bench.Append;

/// <summary>PostgreSQL's own load generator with the same INSERT, to show that the peer is not slowed down by its driver.</summary>
internal static partial class PgBench
{
    /// <summary>Transactions per second, or null where pgbench is not installed.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="clients">How many.</param>
    /// <param name="seconds">How long; whole seconds, 1 or more.</param>
    /// <param name="round">A round of versions that nobody else uses.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ReplayException">It is there and fails.</exception>
    public static async Task<double?> MeasureAsync(string connectionString, int clients, int seconds, int round, CancellationToken cancellation)
    {
        if (ProgramOnPath.Find("pgbench") is not { } program) return null;
        var script = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(
            script,
            string.Create(CultureInfo.InvariantCulture, $$"""
            \set n :n + 1
            \set stream (:client_id + :n * {{clients}}) % {{InsertPeer.Streams}}
            \set version {{InsertPeer.FirstVersion(round)}} + (:client_id + :n * {{clients}}) / {{InsertPeer.Streams}}
            insert into events.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, is_archived) values (nextval('events.mt_events_sequence'), gen_random_uuid(), 'insert-' || :stream, :version, '{"sku":"SKU-022423","quantity":42,"price":12.7500,"note":"Regency cakestand, three tiers, boxed"}', 'bench_noted', now(), 'EcommerceAI.Replay.Bench.Append.Noted, EcommerceAI.Replay', false);
            """),
            cancellation);
        try
        {
            using var process = Process.Start(StartInfo(program, connectionString, script, clients, seconds))!;
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = await process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            var rate = Rate().Match(await output);
            return process.ExitCode == 0 && rate.Success
                ? double.Parse(rate.Groups["rate"].Value, CultureInfo.InvariantCulture)
                : throw new ReplayException($"pgbench ended with {process.ExitCode}: {error.Trim()}");
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static ProcessStartInfo StartInfo(string program, string connectionString, string script, int clients, int seconds)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] arguments =
        [
            "--no-vacuum", "--protocol=prepared", "--jobs=2", "-D", "n=-1",
            string.Create(CultureInfo.InvariantCulture, $"--client={clients}"), string.Create(CultureInfo.InvariantCulture, $"--time={seconds}"),
            $"--file={script}",
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["PGHOST"] = settings.Host;
        start.Environment["PGPORT"] = settings.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGDATABASE"] = settings.Database;
        if (settings.Username is not null) start.Environment["PGUSER"] = settings.Username;
        if (settings.Password is not null) start.Environment["PGPASSWORD"] = settings.Password;
        return start;
    }

    [GeneratedRegex(@"tps = (?<rate>[0-9.]+) \(without", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Rate();
}
