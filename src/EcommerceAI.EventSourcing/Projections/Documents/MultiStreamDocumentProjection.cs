using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Projections.Documents;

/// <summary>
/// Documents over many streams: a pure selector says which of them an event goes into. A document's version counts the events that have
/// gone into it since it was made.
/// </summary>
/// <typeparam name="TDocument">See <see cref="DocumentProjection{TDocument}"/>.</typeparam>
public abstract class MultiStreamDocumentProjection<TDocument> : DocumentProjection<TDocument>
    where TDocument : class
{
    /// <summary>
    /// The ids of the documents that an event goes into: none, one or several. It must follow from the event alone. An id that is named
    /// twice counts once.
    /// </summary>
    /// <param name="event">The event.</param>
    public abstract IEnumerable<string> DocumentIds(RecordedEvent @event);

    /// <summary>Folds a document in memory from events that the caller has read, in order of position; nothing that was stored is read.</summary>
    /// <param name="id">The document's id.</param>
    /// <param name="events">The events; those that do not go into this document are passed over.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The document, or null where no event has made one or the last deleted it.</returns>
    public async Task<Document<TDocument>?> FoldAsync(string id, IAsyncEnumerable<RecordedEvent> events, CancellationToken cancellation = default)
    {
        var fold = new DocumentFold<TDocument>(this);
        await foreach (var @event in events.WithCancellation(cancellation))
        {
            if (Handles.Any(family => family.IsInstanceOfType(@event.Data)) && IdsOf(@event).Contains(id, StringComparer.Ordinal))
                fold.Apply(new DocumentTouch(id, @event));
        }

        return fold.Find(id);
    }

    internal sealed override IEnumerable<string> IdsOf(RecordedEvent @event)
    {
        var ids = DocumentIds(@event).Distinct(StringComparer.Ordinal).ToList();
        foreach (var id in ids)
        {
            if (id is null || id.Length is 0 or > MaxIdLength || !StorableText.IsStorable(id))
            {
                throw new InvalidOperationException(
                    $"{Name} sends the event '{@event.Type}' at position {@event.Position} into the document '{id}': an id has 1 to {MaxIdLength} characters that can be stored.");
            }
        }

        return ids;
    }

    internal sealed override long VersionAfter(long version, RecordedEvent @event) => version + 1;

    internal sealed override bool IsFirst(RecordedEvent @event) => false;
}
