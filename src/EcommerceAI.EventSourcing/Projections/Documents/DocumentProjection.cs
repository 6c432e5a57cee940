using System.Text.Json;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Projections.Documents;

/// <summary>
/// A read model of JSON documents that are folded from events: see <see cref="StreamDocumentProjection{TDocument}"/> (one document a
/// stream) and <see cref="MultiStreamDocumentProjection{TDocument}"/> (the events say which documents they go into).
/// </summary>
public abstract class DocumentProjection : IProjection
{
    /// <summary>The longest id of a document, in characters.</summary>
    public const int MaxIdLength = 500;

    private protected DocumentProjection()
    {
    }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract int Version { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<Type> Handles { get; }

    /// <inheritdoc/>
    public virtual bool IncludesArchived => false;

    /// <summary>
    /// Statements that create further indexes on <c>{schema}.documents (id text, version bigint, position bigint, data jsonb)</c>; none
    /// unless overridden.
    /// </summary>
    public virtual string Indexes => "";

    /// <inheritdoc/>
    public string Tables =>
        $"""
         create table {DocumentTable.Create};
         {Indexes}
         """;

    /// <inheritdoc/>
    public abstract Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation);

    /// <summary>Fills the empty tables of a generation from the log, over several connections.</summary>
    /// <param name="build">What to read and where to write.</param>
    /// <param name="cancellation">Gives up.</param>
    internal abstract Task BuildAsync(DocumentBuild build, CancellationToken cancellation);
}

/// <summary>
/// One definition of a document, used three ways: followed (<see cref="ProjectionHost"/> and <see cref="ProjectionRunner"/> apply it to
/// batches; so does an append in its own transaction), rebuilt in parallel (<see cref="ProjectionRebuild"/>), and live: folded in
/// memory, nothing stored.
/// </summary>
/// <typeparam name="TDocument">
/// The document, an immutable record that <see cref="EventSerializer.Options"/> write and read back the same: between two batches only
/// its JSON is kept.
/// </typeparam>
public abstract class DocumentProjection<TDocument> : DocumentProjection
    where TDocument : class
{
    private protected DocumentProjection()
    {
    }

    /// <summary>The document before its first event.</summary>
    /// <param name="id">Its id.</param>
    public abstract TDocument Initial(string id);

    /// <summary>Folds an event into a document: pure, without clock, random number or I/O.</summary>
    /// <param name="document">The document as it was.</param>
    /// <param name="event">The event.</param>
    /// <returns>The document as it is now, or null to delete it; a later event begins again from <see cref="Initial"/>.</returns>
    public abstract TDocument? Evolve(TDocument document, RecordedEvent @event);

    /// <inheritdoc/>
    public override async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        var fold = new DocumentFold<TDocument>(this);
        var touches = Touches(batch.Events);
        await DocumentTable.LoadAsync(batch, fold, fold.Unknown(touches), cancellation);
        foreach (var touch in touches) fold.Apply(touch);
        await DocumentTable.UpsertAsync(batch, fold, cancellation);
    }

    /// <summary>The ids of the documents that an event goes into, each once.</summary>
    internal abstract IEnumerable<string> IdsOf(RecordedEvent @event);

    /// <summary>The version of a document after an event.</summary>
    internal abstract long VersionAfter(long version, RecordedEvent @event);

    /// <summary>Whether an event is known to be the first that can go into its document.</summary>
    internal abstract bool IsFirst(RecordedEvent @event);

    internal override Task BuildAsync(DocumentBuild build, CancellationToken cancellation) =>
        new DocumentBuilder<TDocument>(this, build).RunAsync(cancellation);

    /// <summary>Which document each event goes into, in order of position.</summary>
    internal List<DocumentTouch> Touches(IReadOnlyList<RecordedEvent> events)
    {
        var touches = new List<DocumentTouch>(events.Count);
        foreach (var @event in events)
        {
            foreach (var id in IdsOf(@event)) touches.Add(new DocumentTouch(id, @event));
        }

        return touches;
    }

    internal static TDocument Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<TDocument>(json, EventSerializer.Options) ?? throw new JsonException("The document is null.");
}

/// <summary>An event that goes into a document.</summary>
internal readonly record struct DocumentTouch(string Id, RecordedEvent Event);
