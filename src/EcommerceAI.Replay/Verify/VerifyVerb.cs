using System.CommandLine;
using System.Text.Json;
using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Replay.CommandLine;
using Spectre.Console;

namespace EcommerceAI.Replay.Verify;

/// <summary>
/// <c>verify [PROJECTION]</c>: rebuilds beside the live tables and shows any difference. <c>verify --chain</c>: reads the log through and
/// compares it with the signed heads.
/// </summary>
public sealed class VerifyVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var name = new Argument<string>("PROJECTION") { Description = "The projection's name; all when it is left out.", DefaultValueFactory = _ => "all" };
        var chain = new Option<bool>("--chain") { Description = "Verify the log itself against its signed heads, instead of the projections." };
        var heads = ChainOptions.Heads();
        var json = new Option<bool>("--json") { Description = "Print the findings as JSON." };
        var command = new VerbCommand(
            "verify", "Rebuilds projections beside their live tables and compares row by row; with --chain, checks that no sealed event was changed, removed or inserted. Exit code 1 when something differs.",
            new Example("verify", "Every projection."), new Example("verify storefront_orders", "One of them."),
            new Example("verify --chain", "The log itself, against its signed heads."))
        {
            name, chain, heads, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            if (parsed.GetValue(chain)) return await VerifyChainAsync(open, ChainOptions.ChainOf(open, parsed, heads), parsed.GetValue(json), cancellation);
            var results = await VerifyProjectionsAsync(open, parsed.GetRequiredValue(name), cancellation);
            if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(JsonSerializer.Serialize(results, JsonSerializerOptions.Web));
            else await WriteAsync(results);
            return results.TrueForAll(result => result.IsEqual) ? ReplayCommandLine.Success : ReplayCommandLine.Failure;
        });
        return command;
    }

    /// <summary>Verifies the chain under a bar and prints what it found.</summary>
    /// <returns>The exit code.</returns>
    internal static async Task<int> VerifyChainAsync(OpenStore open, EventChain chain, bool asJson, CancellationToken cancellation)
    {
        var verification = new ChainVerification(open.Store, chain);
        var result = await ProgressBar.RunAsync(
            "chain", await open.Store.HighWater.ReadAsync(cancellation), progress => verification.RunAsync(progress, cancellation));
        return await ChainReport.WriteAsync(result, asJson);
    }

    /// <summary>Verifies one projection, or all, under a bar.</summary>
    internal static async Task<List<ProjectionVerificationResult>> VerifyProjectionsAsync(OpenStore open, string name, CancellationToken cancellation)
    {
        IReadOnlyList<IProjection> chosen = name == "all" ? OpenStore.Projections : [OpenStore.Projection(name)];
        var verification = new ProjectionVerification(open.Store);
        var results = new List<ProjectionVerificationResult>();
        foreach (var projection in chosen)
            results.Add(await ProgressBar.RunAsync(
                projection.Name, await open.Store.HighWater.ReadAsync(cancellation), progress => verification.RunAsync(projection, progress, cancellation)));
        return results;
    }

    /// <summary>Prints a table of what was compared, and examples of what differs.</summary>
    internal static async Task WriteAsync(List<ProjectionVerificationResult> results)
    {
        OutputConsole.Create().Write(Render(results));
        foreach (var example in results.SelectMany(result => result.Tables).SelectMany(table => table.Examples.Select(row => $"{table.Table}: {row}")))
            await Console.Out.WriteLineAsync(example);
    }

    private static Table Render(IEnumerable<ProjectionVerificationResult> results)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("projection", "table", "at position");
        foreach (var heading in new[] { "rows", "only live", "only rebuilt" }) table.AddColumn(new TableColumn(heading).RightAligned());
        table.AddColumn("verdict");
        foreach (var result in results)
        {
            foreach (var rows in result.Tables)
                table.AddRow(
                    result.Projection, rows.Table, $"{result.Checkpoint}", $"{rows.Rows:N0}", $"{rows.OnlyLive:N0}", $"{rows.OnlyRebuilt:N0}",
                    rows.IsEqual ? "[green]equal[/]" : "[red]differs[/]");
        }

        return table;
    }
}
