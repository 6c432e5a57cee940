using EcommerceAI.Commerce.Customers;
using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Projections.Storefront.Customers;

/// <summary>
/// Profiles of customers. The only tables of the storefront that hold what is personal, so that they can be built anew without
/// touching what was sold.
/// </summary>
public sealed class CustomerProjection : IProjection
{
    /// <inheritdoc/>
    public string Name => CustomerQueries.ProjectionName;

    /// <inheritdoc/>
    public int Version => 1;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Handles { get; } = [typeof(CustomerRegistered)];

    /// <inheritdoc/>
    public string Tables =>
        """
        create table {schema}.customers (
            customer_id   text collate "C" primary key,
            country       text not null,
            name          text,
            email         text,
            registered_at timestamptz not null,
            version       bigint not null
        );
        """;

    /// <inheritdoc/>
    public async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        // The last registration of an id counts, should a foreign history hold more than one.
        var last = batch.Events.GroupBy(recorded => ((CustomerRegistered)recorded.Data).CustomerId, StringComparer.Ordinal)
            .Select(group => (Event: group.Last(), Data: (CustomerRegistered)group.Last().Data)).ToArray();
        await batch.ExecuteAsync(
            """
            insert into {schema}.customers (customer_id, country, name, email, registered_at, version)
            select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[])
            on conflict (customer_id) do update set
                country = excluded.country, name = excluded.name, email = excluded.email,
                registered_at = excluded.registered_at, version = excluded.version
            """,
            last.Select(row => row.Data.CustomerId).ToArray(),
            last.Select(row => row.Data.Country).ToArray(),
            last.Select(row => row.Data.Name).ToArray(),
            last.Select(row => row.Data.Email).ToArray(),
            last.Select(row => row.Event.Timestamp.UtcDateTime).ToArray(),
            last.Select(row => row.Event.Version).ToArray());
    }
}
