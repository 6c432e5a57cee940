using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Projections.Documents;

/// <summary>
/// Fills an empty table of documents from the log. Several connections read and deserialise pages of the log; each page is handed on in
/// order of position and folded in parts, cut by the hash of the document's id, side by side; at the end every part is copied into
/// the table over a connection of its own. A document is folded by one part alone, in the order of the log, so that what comes out is
/// what the batches of a runner would have made.
/// </summary>
internal sealed class DocumentBuilder<TDocument>(DocumentProjection<TDocument> projection, DocumentBuild build)
    where TDocument : class
{
    private readonly Part[] _parts = [.. Enumerable.Range(0, build.Options.Connections).Select(_ => new Part(projection, build))];

    public async Task RunAsync(CancellationToken cancellation)
    {
        var pages = build.Store.Reader.ReadLogAsync(build.Range, build.Options.Connections, Cut, cancellation);
        await foreach (var page in pages.WithCancellation(cancellation))
        {
            await SideBySideAsync((part, i) => part.FoldAsync(page.Touches[i], cancellation));
            await build.Folded(page.ReadUpTo, cancellation);
        }

        await SideBySideAsync((part, _) => part.WriteAsync(cancellation));
    }

    /// <summary>Runs on the connection's own task: the selector of a multi-stream document is not waited for in turn.</summary>
    private CutPage Cut(LogPage page)
    {
        var touches = new List<DocumentTouch>[_parts.Length];
        for (var i = 0; i < touches.Length; i++) touches[i] = new List<DocumentTouch>(page.Events.Count / touches.Length);
        foreach (var touch in projection.Touches(page.Events))
            touches[(int)((uint)string.GetHashCode(touch.Id, StringComparison.Ordinal) % (uint)touches.Length)].Add(touch);
        return new CutPage(page.ReadUpTo, touches);
    }

    private Task SideBySideAsync(Func<Part, int, Task> step) =>
        Task.WhenAll(_parts.Select((part, i) => Task.Run(() => step(part, i))));

    private sealed record CutPage(long ReadUpTo, List<DocumentTouch>[] Touches);

    /// <summary>The documents whose ids fall into one part of the hash.</summary>
    private sealed class Part(DocumentProjection<TDocument> projection, DocumentBuild build)
    {
        private readonly DocumentFold<TDocument> _fold = new(projection);
        private readonly int _limit = Math.Max(1, build.Options.DocumentsInMemory / build.Options.Connections);
        private bool _isTableEmpty = true;

        public async Task FoldAsync(List<DocumentTouch> touches, CancellationToken cancellation)
        {
            // Only once documents had to leave memory can the table know one that is not there.
            if (!_isTableEmpty && _fold.Unknown(touches) is { Length: > 0 } unknown)
                await WithTableAsync(table => DocumentTable.LoadAsync(table, _fold, unknown, cancellation), cancellation);
            foreach (var touch in touches) _fold.Apply(touch);
            if (_fold.Count > _limit) await WriteAsync(cancellation);
        }

        public async Task WriteAsync(CancellationToken cancellation)
        {
            await WithTableAsync(
                table => _isTableEmpty ? DocumentTable.CopyAsync(table, _fold, cancellation) : DocumentTable.UpsertAsync(table, _fold, cancellation),
                cancellation);
            _isTableEmpty = false;
            _fold.Clear();
        }

        private async Task WithTableAsync(Func<ProjectionBatch, Task> work, CancellationToken cancellation)
        {
            await using var connection = await build.Store.Source.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await work(new ProjectionBatch(connection, build.Schema, []));
            await transaction.CommitAsync(cancellation);
        }
    }
}
