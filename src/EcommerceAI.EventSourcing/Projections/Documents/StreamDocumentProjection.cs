using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Projections.Documents;

/// <summary>
/// One document a stream: its id is the stream's key, its version the stream version of the last event that went into it.
/// </summary>
/// <typeparam name="TDocument">See <see cref="DocumentProjection{TDocument}"/>.</typeparam>
public abstract class StreamDocumentProjection<TDocument> : DocumentProjection<TDocument>
    where TDocument : class
{
    /// <summary>Folds the stream in memory, as of now or of an earlier point; nothing that was stored is read.</summary>
    /// <param name="store">The event store.</param>
    /// <param name="streamId">The stream's key.</param>
    /// <param name="point">Up to where; null for all there is.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The document, or null where no event has made one or the last deleted it.</returns>
    public async Task<Document<TDocument>?> LoadAsync(
        EventStore store, string streamId, StreamPoint? point = null, CancellationToken cancellation = default)
    {
        var fold = new DocumentFold<TDocument>(this);
        var handled = HandledNames.Of(this, store.Serializer.Types);
        await foreach (var @event in store.Reader.ReadStreamAsync(streamId, 1, point, cancellation))
        {
            if (handled.Contains(@event.Type)) fold.Apply(new DocumentTouch(streamId, @event));
        }

        return fold.Find(streamId);
    }

    internal sealed override IEnumerable<string> IdsOf(RecordedEvent @event) => [@event.StreamId];

    internal sealed override long VersionAfter(long version, RecordedEvent @event) => @event.Version;

    internal sealed override bool IsFirst(RecordedEvent @event) => @event.Version == 1;
}
