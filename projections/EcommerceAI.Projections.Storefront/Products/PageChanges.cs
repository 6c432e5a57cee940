using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Projections.Storefront.Products;

/// <summary>What a batch says for <c>page_changes</c>: with which event each page changed last.</summary>
internal sealed class PageChanges
{
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    /// <summary>Notes an event; they come in the order of the log.</summary>
    public void Note(IEnumerable<string> skus, long position)
    {
        foreach (var sku in skus) _last[sku] = position;
    }

    /// <summary>Writes what was noted.</summary>
    public async Task WriteAsync(ProjectionBatch batch)
    {
        if (_last.Count == 0) return;
        await batch.ExecuteAsync(
            """
            insert into {schema}.page_changes (sku, position) select * from unnest($1::text[], $2::bigint[])
            on conflict (sku) do update set position = excluded.position
            """,
            _last.Keys.ToArray(), _last.Values.ToArray());
    }
}
