using System.Diagnostics;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.OnlineRetail;

namespace EcommerceAI.Replay.Import;

/// <summary>
/// The whole import of a file as an operator sees it: read and check it to the end before anything is written, append its events,
/// bring the read models up to date, and show where every line went.
/// </summary>
internal sealed class RetailImport(OpenStore open)
{
    /// <summary>Imports a file, or goes on with an import that was stopped.</summary>
    /// <returns>The exit code: 1 when the books do not balance.</returns>
    public async Task<int> RunAsync(string file, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var plan = ImportPlan.Create(OnlineRetailReader.Read(file, cancellation));
        await Console.Error.WriteLineAsync(
            $"Read {plan.Reconciliation.FileLines:N0} lines of {plan.InvoiceCount:N0} invoices in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s.");

        var run = new ImportRun(open.Store, plan, file);
        var done = await ProgressBar.RunAsync(
            "events", plan.Reconciliation.FileLines, progress => run.RunAsync(new LinesOf(progress), cancellation), "lines");
        await Console.Error.WriteLineAsync($"Appended {done.Events:N0} events; {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s so far.");

        var projections = OpenStore.Projections;
        var total = await open.Store.HighWater.ReadAsync(cancellation) * projections.Count;
        await ProgressBar.RunAsync("read models", total, progress => new CatchUp(open.Store, projections).RunAsync(progress, cancellation));
        await Console.Error.WriteLineAsync($"Read models are up to date; {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s in all.");
        return await ReportAsync(plan, cancellation);
    }

    private async Task<int> ReportAsync(ImportPlan plan, CancellationToken cancellation)
    {
        await Console.Out.WriteAsync(ReconciliationTable.ToText(plan.Reconciliation));
        foreach (var line in plan.RejectedLines)
            await Console.Out.WriteLineAsync($"Rejected line {line.LineNumber} (invoice {line.InvoiceNo}): {line.Reason}");
        var books = await new BooksCheck(open.Store).RunAsync(plan, cancellation);
        foreach (var finding in books.Findings) await Console.Out.WriteLineAsync(finding);
        return plan.Reconciliation.IsBalanced && books.IsBalanced ? ReplayCommandLine.Success : ReplayCommandLine.Failure;
    }

    private sealed class LinesOf(IProgress<long> progress) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => progress.Report(value.Lines);
    }
}
