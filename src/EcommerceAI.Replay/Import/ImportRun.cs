using System.Threading.Channels;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.OnlineRetail;

namespace EcommerceAI.Replay.Import;

/// <summary>How far an import has come.</summary>
/// <param name="Lines">Lines of the file whose invoices are in the store, those of earlier runs included.</param>
/// <param name="Events">Events that this run has appended.</param>
public sealed record ImportProgress(long Lines, long Events);

/// <summary>
/// Writes a plan to the store, whole invoices at a time. While PostgreSQL takes one chunk, the next is planned and serialised, so
/// that both cores of a small machine are busy.
/// </summary>
public sealed class ImportRun(EventStore store, ImportPlan plan, string file)
{
    /// <summary>Events in one transaction, at least: large enough that its commit weighs nothing, small in memory.</summary>
    private const int ChunkSize = 10_000;

    private readonly BulkAppend _append = new(store);
    private readonly ImportCheckpoint _checkpoint = new(store.Source, plan, file);

    /// <summary>Writes what the store does not hold yet.</summary>
    /// <param name="progress">Told after each transaction.</param>
    /// <param name="cancellation">Stops between transactions; what was written stays, and the next run goes on from there.</param>
    /// <returns>What this run did.</returns>
    /// <exception cref="ReplayException">The store holds another file, or streams that this file would begin.</exception>
    public async Task<ImportProgress> RunAsync(IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        var done = await _checkpoint.ReadAsync(cancellation);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var chunks = Channel.CreateBounded<Chunk>(1);
        var planning = Task.Run(() => PlanAsync(done, chunks.Writer, failed.Token), CancellationToken.None);
        var total = new ImportProgress(plan.Invoices().Take(done).Sum(invoice => (long)invoice.LineCount), 0);
        try
        {
            await foreach (var chunk in chunks.Reader.ReadAllAsync(cancellation))
            {
                await WriteAsync(chunk, cancellation);
                total = new ImportProgress(total.Lines + chunk.Lines, total.Events + chunk.Events.Count);
                progress?.Report(total);
            }
        }
        finally
        {
            await failed.CancelAsync();
            await planning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return total;
    }

    private async Task WriteAsync(Chunk chunk, CancellationToken cancellation)
    {
        try
        {
            await _append.AppendAsync(
                chunk.Events, (connection, token) => ImportCheckpoint.MoveAsync(connection, chunk.From, chunk.To, token), cancellation);
        }
        catch (StreamExistsException taken)
        {
            if (await _checkpoint.ReadAsync(cancellation) != chunk.From) throw ImportCheckpoint.AnotherImportRuns();
            throw new ReplayException($"{taken.Message} It was not written by this import: {file} needs a store of its own.");
        }
    }

    private async Task PlanAsync(int done, ChannelWriter<Chunk> chunks, CancellationToken cancellation)
    {
        try
        {
            var events = new List<BulkEvent>(ChunkSize * 2);
            var (from, lines) = (done, 0);
            foreach (var invoice in plan.Invoices(done))
            {
                foreach (var planned in invoice.Events)
                    events.Add(new BulkEvent(planned.StreamId, new NewEvent(planned.Data, planned.EventId, planned.Timestamp), planned.Version == 1));
                lines += invoice.LineCount;
                if (events.Count < ChunkSize) continue;
                await chunks.WriteAsync(await PrepareAsync(from, invoice.Ordinal + 1), cancellation);
                (from, lines) = (invoice.Ordinal + 1, 0);
                events.Clear();
            }

            if (from < plan.InvoiceCount) await chunks.WriteAsync(await PrepareAsync(from, plan.InvoiceCount), cancellation);
            chunks.Complete();

            async Task<Chunk> PrepareAsync(int first, int next) =>
                new(first, next, lines, await BulkChunk.PrepareAsync(events, store, cancellation));
        }
#pragma warning disable CA1031 // Whatever goes wrong while planning surfaces where the chunks are read.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            chunks.Complete(failure);
        }
    }

    private sealed record Chunk(int From, int To, long Lines, BulkChunk Events);
}
