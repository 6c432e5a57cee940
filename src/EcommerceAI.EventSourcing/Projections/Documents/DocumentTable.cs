using System.Text.Json;
using EcommerceAI.EventSourcing.Store;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Projections.Documents;

/// <summary>The table that documents are kept in, one a generation.</summary>
internal static class DocumentTable
{
    /// <summary>
    /// Ids are ordered by their bytes, so that a page of a list begins after the same id on every server, whatever its language.
    /// </summary>
    public const string Create =
        "{schema}.documents (id text collate \"C\" primary key, version bigint not null, position bigint not null, data jsonb not null)";

    public const string Columns = "id, version, position, data";

    /// <summary>Reads the row that a reader of <see cref="Columns"/> stands on.</summary>
    public static Document<TDocument> Read<TDocument>(Npgsql.NpgsqlDataReader row)
        where TDocument : class =>
        new(row.GetString(0), row.GetInt64(1), row.GetInt64(2), DocumentProjection<TDocument>.Read(row.GetFieldValue<byte[]>(3)));

    /// <summary>Takes documents out of the table, all in one statement; those that are not there stay unknown.</summary>
    public static async Task LoadAsync<TDocument>(
        ProjectionBatch batch, DocumentFold<TDocument> fold, string[] ids, CancellationToken cancellation)
        where TDocument : class
    {
        if (ids.Length == 0) return;
        cancellation.ThrowIfCancellationRequested();
        var found = await batch.QueryAsync($"select {Columns} from {{schema}}.documents where id = any($1::text[])", Read<TDocument>, [ids]);
        foreach (var (id, version, position, document) in found) fold.Take(id, version, position, document);
    }

    /// <summary>Writes what has changed: one statement for what is there, one for what was deleted.</summary>
    public static async Task UpsertAsync<TDocument>(ProjectionBatch batch, DocumentFold<TDocument> fold, CancellationToken cancellation)
        where TDocument : class
    {
        cancellation.ThrowIfCancellationRequested();
        if (fold.Deleted() is { Length: > 0 } deleted)
            await batch.ExecuteAsync("delete from {schema}.documents where id = any($1::text[])", [deleted]);
        var changed = fold.Changed();
        if (changed.Count == 0) return;
        await batch.ExecuteAsync(
            """
            insert into {schema}.documents (id, version, position, data)
            select id, version, position, data::jsonb from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[]) as d (id, version, position, data)
            on conflict (id) do update set version = excluded.version, position = excluded.position, data = excluded.data
            """,
            changed.Select(document => document.Id).ToArray(),
            changed.Select(document => document.Version).ToArray(),
            changed.Select(document => document.Position).ToArray(),
            changed.Select(document => JsonSerializer.Serialize(document.Value, EventSerializer.Options)).ToArray());
    }

    /// <summary>Writes documents none of which is in the table, by COPY.</summary>
    public static Task CopyAsync<TDocument>(ProjectionBatch batch, DocumentFold<TDocument> fold, CancellationToken cancellation)
        where TDocument : class =>
        batch.CopyAsync(
            "documents",
            Columns,
            async copy =>
            {
                foreach (var (id, version, position, document) in fold.Changed())
                {
                    await copy.StartRowAsync(cancellation);
                    await copy.WriteAsync(id, NpgsqlDbType.Text, cancellation);
                    await copy.WriteAsync(version, NpgsqlDbType.Bigint, cancellation);
                    await copy.WriteAsync(position, NpgsqlDbType.Bigint, cancellation);
                    await copy.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(document, EventSerializer.Options), NpgsqlDbType.Jsonb, cancellation);
                }
            },
            cancellation);
}
