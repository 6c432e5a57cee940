using System.CommandLine;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Replay.CommandLine;
using Spectre.Console;

namespace EcommerceAI.Replay.Verify;

/// <summary><c>verify [PROJECTION]</c>: rebuilds beside the live tables and shows any difference.</summary>
public sealed class VerifyVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var name = new Argument<string>("PROJECTION") { Description = "The projection's name; all when it is left out.", DefaultValueFactory = _ => "all" };
        var command = new VerbCommand(
            "verify", "Rebuilds projections beside their live tables and compares row by row. Exit code 1 when they differ.",
            new Example("verify", "Every projection."), new Example("verify storefront_orders", "One of them."))
        { name };
        command.SetAction(async (parsed, cancellation) =>
        {
            IReadOnlyList<IProjection> chosen = parsed.GetRequiredValue(name) is var text && text == "all" ? OpenStore.Projections : [OpenStore.Projection(text)];
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var verification = new ProjectionVerification(open.Store);
            var results = new List<ProjectionVerificationResult>();
            foreach (var projection in chosen)
                results.Add(await ProgressBar.RunAsync(
                    projection.Name, await open.Store.HighWater.ReadAsync(cancellation), progress => verification.RunAsync(projection, progress, cancellation)));
            OutputConsole.Create().Write(Render(results));
            foreach (var example in results.SelectMany(result => result.Tables).SelectMany(table => table.Examples.Select(row => $"{table.Table}: {row}")))
                await Console.Out.WriteLineAsync(example);
            return results.TrueForAll(result => result.IsEqual) ? ReplayCommandLine.Success : ReplayCommandLine.Failure;
        });
        return command;
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
