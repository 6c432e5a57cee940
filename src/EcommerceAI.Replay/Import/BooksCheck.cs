using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Projections.Storefront.Orders;
using EcommerceAI.Replay.OnlineRetail;
using BookedKind = EcommerceAI.Projections.Storefront.Orders.LineKind;
using FileKind = EcommerceAI.Replay.OnlineRetail.LineKind;

namespace EcommerceAI.Replay.Import;

/// <summary>What a comparison of the file with the read models found.</summary>
/// <param name="IsBalanced">Whether nothing differs.</param>
/// <param name="Findings">One line each, for people.</param>
internal sealed record BooksCheckResult(bool IsBalanced, IReadOnlyList<string> Findings);

/// <summary>
/// Compares the rows of the reconciliation with what the read models hold: lines, units, exact value and booked amount. Both were
/// summed apart, one over the file's lines, the other over the tables that projections wrote from the log.
/// </summary>
internal sealed class BooksCheck(EventStore store)
{
    private static readonly (FileKind File, BookedKind Booked, int Sign)[] Pairs =
    [
        // A return's lines are positive on the event and negative in the file.
        (FileKind.Sale, BookedKind.Sale, 1), (FileKind.Return, BookedKind.Return, -1),
    ];

    public async Task<BooksCheckResult> RunAsync(ImportPlan plan, CancellationToken cancellation)
    {
        var planned = plan.Invoices().Sum(invoice => (long)invoice.Events.Count);
        var held = await CountEventsAsync(cancellation);
        if (held != planned)
            return new BooksCheckResult(
                held > planned,
                [$"The store holds {held:N0} events and the file makes {planned:N0}: with other events in it, its read models are not compared with the file."]);

        var totals = (await new OrderQueries(new ReadModels(store.Source)).SumLinesAsync(cancellation)).Value;
        var findings = new List<string>();
        foreach (var (file, booked, sign) in Pairs)
        {
            var row = plan.Reconciliation[file];
            var entries = totals.Where(total => total.Kind == booked).ToList();
            var (lines, units, value, amount) = (
                entries.Sum(total => total.Lines), sign * entries.Sum(total => total.Units),
                sign * entries.Sum(total => total.Value), sign * entries.Sum(total => total.Booked));
            if (lines != row.Lines || units != row.Units || value != row.Value || amount != row.Booked)
                findings.Add(
                    $"DIFFERENCE in {ReconciliationTable.Label(file)}: the file has {row.Lines:N0} lines, {row.Units:N0} units, {row.Value} and books "
                    + $"{row.Booked}; the read models hold {lines:N0} lines, {units:N0} units, {value} and {amount}.");
        }

        return findings.Count > 0
            ? new BooksCheckResult(false, findings)
            : new BooksCheckResult(true, ["The sale and return rows equal what the read models hold."]);
    }

    private async Task<long> CountEventsAsync(CancellationToken cancellation)
    {
        await using var command = store.Source.CreateCommand("select count(*) from events.mt_events");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
