using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Projections.Search.Documents;

/// <summary>
/// The catalogue as search documents: one row a product, with the position of the event that changed it last. The engines are fed
/// from these rows, so that an engine that lost everything is filled without reading the log, and a late write is known as late.
/// </summary>
public sealed class SearchDocumentsProjection : IProjection
{
    /// <summary>The projection's name.</summary>
    public const string ProjectionName = "search_documents";

    /// <inheritdoc/>
    public string Name => ProjectionName;

    /// <inheritdoc/>
    public int Version => 2;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Handles => [typeof(ProductCreated), typeof(ProductPriceChanged), typeof(ProductDescribed)];

    /// <inheritdoc/>
    public string Tables =>
        """
        create table {schema}.documents (
            sku         text   not null primary key,
            position    bigint not null,
            title       text   not null,
            description text   null,
            category    text   null,
            price       numeric(19, 4) null,
            currency    text   null
        );
        create index on {schema}.documents (position);
        """;

    /// <inheritdoc/>
    public async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        var created = new List<(long Position, ProductCreated Data)>();
        var described = new Dictionary<string, (long Position, ProductDescribed Data)>(StringComparer.Ordinal);
        var prices = new Dictionary<string, (long Position, ProductPriceChanged Data)>(StringComparer.Ordinal);
        foreach (var @event in batch.Events)
        {
            if (@event.Data is ProductCreated product) created.Add((@event.Position, product));
            else if (@event.Data is ProductPriceChanged price) prices[price.Sku] = (@event.Position, price);
            else if (@event.Data is ProductDescribed text) described[text.Sku] = (@event.Position, text);
        }

        if (created.Count > 0)
            await batch.ExecuteAsync(
                """
                insert into {schema}.documents (position, sku, title, description, category, price, currency)
                select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::text[])
                """,
                created.Select(c => c.Position).ToArray(), created.Select(c => c.Data.Sku).ToArray(), created.Select(c => c.Data.Title).ToArray(),
                created.Select(c => c.Data.Description).ToArray(), created.Select(c => c.Data.Category).ToArray(),
                created.Select(c => c.Data.Price?.Amount).ToArray(), created.Select(c => c.Data.Price?.Currency).ToArray());
        if (prices.Count > 0)
            await batch.ExecuteAsync(
                """
                update {schema}.documents d set position = greatest(d.position, c.position), price = c.price, currency = c.currency
                from unnest($1::bigint[], $2::text[], $3::numeric[], $4::text[]) as c (position, sku, price, currency) where d.sku = c.sku
                """,
                prices.Values.Select(c => c.Position).ToArray(), prices.Keys.ToArray(),
                prices.Values.Select(c => c.Data.Price.Amount).ToArray(), prices.Values.Select(c => c.Data.Price.Currency).ToArray());
        if (described.Count > 0)
            await batch.ExecuteAsync(
                """
                update {schema}.documents d set
                    position = greatest(d.position, c.position), title = c.title, description = c.description, category = c.category
                from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[]) as c (position, sku, title, description, category)
                where d.sku = c.sku
                """,
                described.Values.Select(c => c.Position).ToArray(), described.Keys.ToArray(),
                described.Values.Select(c => c.Data.Title).ToArray(), described.Values.Select(c => c.Data.Description).ToArray(),
                described.Values.Select(c => c.Data.Details.MainCategory()).ToArray());
    }
}
