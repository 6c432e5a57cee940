using System.Globalization;
using System.Text.Json;
using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.Replay.CommandLine;
using Spectre.Console;

namespace EcommerceAI.Replay.Verify;

/// <summary>What a verification of the chain found, for people and for programs.</summary>
internal static class ChainReport
{
    private const int Shown = 50;

    public static async Task<int> WriteAsync(ChainVerificationResult result, bool asJson)
    {
        if (asJson)
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, JsonSerializerOptions.Web));
        else
            await WriteTextAsync(result);
        return result.IsIntact ? ReplayCommandLine.Success : ReplayCommandLine.Failure;
    }

    private static async Task WriteTextAsync(ChainVerificationResult result)
    {
        if (result.Findings.Count > 0) OutputConsole.Create().Write(Render(result.Findings.Take(Shown)));
        if (result.FindingCount > Shown) await Console.Out.WriteLineAsync($"… and {result.FindingCount - Shown:N0} more; --json shows the first {result.Findings.Count:N0}.");
        await Console.Out.WriteLineAsync(result switch
        {
            { Head: null, FindingCount: 0, Unsealed: 0 } => "The log is empty; nothing is sealed.",
            { Head: null, FindingCount: 0 } => $"Nothing is sealed yet, so that nothing can be said about {result.Unsealed:N0} events: run `ecommerce-ai seal`.",
            { IsIntact: true } => $"Intact: {result.Events:N0} events up to position {result.Head!.Position} are what {result.Heads:N0} signed heads say, the last of {ChainHead.MomentText(result.Head.Sealed)}.",
            _ => $"NOT intact: {result.FindingCount:N0} findings among {result.Events:N0} events.",
        });
        if (result.Redacted > 0) await Console.Out.WriteLineAsync($"{result.Redacted:N0} of them stand in a redacted form that was signed.");
        if (result is { Head: not null, Unsealed: > 0 }) await Console.Out.WriteLineAsync($"{result.Unsealed:N0} events above the head are not sealed yet.");
    }

    private static Table Render(IEnumerable<ChainFinding> findings)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("position").RightAligned()).AddColumns("stream", "what", "finding");
        foreach (var finding in findings)
            table.AddRow(
                new Text(finding.Position?.ToString(CultureInfo.InvariantCulture) ?? ""), new Text(finding.StreamId ?? ""),
                new Text(finding.Fault.ToString().ToLowerInvariant()), new Text(finding.Detail));
        return table;
    }
}
