using Npgsql;

namespace EcommerceAI.EventSourcing.Projections.Documents;

/// <summary>Reads the stored documents of a definition: rows and position of one snapshot, of the live generation.</summary>
/// <typeparam name="TDocument">The document.</typeparam>
/// <param name="models">The read models.</param>
/// <param name="projection">The definition.</param>
public sealed class DocumentQueries<TDocument>(ReadModels models, DocumentProjection<TDocument> projection)
    where TDocument : class
{
    private const string Select = $"select {DocumentTable.Columns} from {{schema}}.documents";

    /// <summary>Reads a document.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The document, or null where there is none, and the position that this speaks for.</returns>
    /// <exception cref="ProjectionMissingException">There are no tables yet.</exception>
    public async Task<ReadSnapshot<Document<TDocument>?>> FindAsync(string id, CancellationToken cancellation = default)
    {
        var found = await models.ListAsync(projection.Name, new ReadQuery($"{Select} where id = $1", id), DocumentTable.Read<TDocument>, cancellation);
        return new ReadSnapshot<Document<TDocument>?>(found.Value.SingleOrDefault(), found.Position);
    }

    /// <summary>Reads a page of all documents, in the order of their ids' bytes.</summary>
    /// <param name="after">The id after which the page begins, as the last page named it; null for the first.</param>
    /// <param name="size">The most documents of the page, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ProjectionMissingException">There are no tables yet.</exception>
    public Task<ReadSnapshot<KeysetPage<Document<TDocument>, string>>> ListAsync(
        string? after = null, int size = 100, CancellationToken cancellation = default) =>
        models.PageAsync(
            projection.Name,
            // No id is empty.
            new ReadQuery($"{Select} where id > $1 order by id", after ?? ""),
            size,
            DocumentTable.Read<TDocument>,
            document => document.Id,
            cancellation);

    /// <summary>Runs a statement of the caller's over the documents, for one of <see cref="DocumentProjection.Indexes"/>.</summary>
    /// <param name="where">
    /// What follows <c>where</c>, over the columns id, version, position and data, with <c>$1</c>… for the parameters; it may go on with
    /// <c>order by</c> and <c>limit</c>.
    /// </param>
    /// <param name="parameters">The values.</param>
    /// <exception cref="ProjectionMissingException">There are no tables yet.</exception>
    /// <exception cref="PostgresException">The statement is none.</exception>
    public Task<ReadSnapshot<List<Document<TDocument>>>> WhereAsync(string where, params IReadOnlyList<object?> parameters) =>
        models.ListAsync(projection.Name, new ReadQuery($"{Select} where {where}", parameters), DocumentTable.Read<TDocument>);
}
