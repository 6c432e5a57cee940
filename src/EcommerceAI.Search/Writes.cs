namespace EcommerceAI.Search;

/// <summary>One write to a text index: a whole document, or the removal of one.</summary>
public readonly record struct DocumentWrite
{
    private DocumentWrite(string id, long version, SearchDocument? document) => (Id, Version, Document) = (id, version, document);

    /// <summary>The id of the document that is written.</summary>
    public string Id { get; }

    /// <summary>The version of the write.</summary>
    public long Version { get; }

    /// <summary>The document, or null for a removal.</summary>
    public SearchDocument? Document { get; }

    /// <summary>Puts a document in the place of whatever has its id.</summary>
    public static DocumentWrite Upsert(SearchDocument document) => new(document.Id, document.Version, document);

    /// <summary>Removes a document; the version stays known, so that an older write that comes late does not bring it back.</summary>
    public static DocumentWrite Delete(string id, long version) => new(id, version, null);
}

/// <summary>One write to a vector index: a vector, or the removal of one.</summary>
public readonly record struct VectorWrite
{
    private VectorWrite(string id, long version, ReadOnlyMemory<float>? vector, SearchDocument? document = null) =>
        (Id, Version, Vector, Document) = (id, version, vector, document);

    /// <summary>The id of the document whose vector is written.</summary>
    public string Id { get; }

    /// <summary>The version of the write.</summary>
    public long Version { get; }

    /// <summary>The vector, or null for a removal. Of any length but nought; all noughts means "nothing to find it by".</summary>
    public ReadOnlyMemory<float>? Vector { get; }

    /// <summary>The document whose keywords and numbers filters are judged by; null for a vector without any.</summary>
    public SearchDocument? Document { get; }

    /// <summary>Puts a document's vector, with its keywords and numbers, in the place of whatever has its id.</summary>
    public static VectorWrite Upsert(SearchDocument document, ReadOnlyMemory<float> vector) =>
        new(document.Id, document.Version, vector, document);

    /// <summary>Puts a vector in the place of whatever has its id.</summary>
    public static VectorWrite Upsert(string id, long version, ReadOnlyMemory<float> vector) => new(id, version, vector);

    /// <summary>Removes a vector; the version stays known.</summary>
    public static VectorWrite Delete(string id, long version) => new(id, version, null);
}

/// <summary>What became of one write.</summary>
public enum WriteStatus
{
    /// <summary>Written. A write of the version that is held already counts: it is the same write delivered again.</summary>
    Applied,

    /// <summary>Refused, for the engine has a newer version (a removal too has one).</summary>
    Stale,

    /// <summary>Not written; <see cref="WriteResult.Error"/> says why. The other writes of the batch are not affected.</summary>
    Failed,
}

/// <summary>What became of one write of a batch.</summary>
/// <param name="Status">Applied, stale or failed.</param>
/// <param name="Error">What was wrong, for a failed write only.</param>
public readonly record struct WriteResult(WriteStatus Status, string? Error = null)
{
    internal static readonly WriteResult Applied = new(WriteStatus.Applied);
    internal static readonly WriteResult Stale = new(WriteStatus.Stale);

    internal static WriteResult Failed(string error) => new(WriteStatus.Failed, error);
}
