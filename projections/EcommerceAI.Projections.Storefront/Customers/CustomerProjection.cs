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
    public int Version => 2;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Handles { get; } = [typeof(CustomerRegistered), typeof(CustomerForgotten)];

    // No statistics: the planner's samples would keep what a customer was called after the row has dropped it.
    /// <inheritdoc/>
    public string Tables =>
        """
        create table {schema}.customers (
            customer_id   text collate "C" primary key,
            country       text not null,
            name          text,
            email         text,
            address       text,
            registered_at timestamptz not null,
            forgotten_at  timestamptz,
            version       bigint not null
        );
        alter table {schema}.customers alter column name set statistics 0, alter column email set statistics 0,
            alter column address set statistics 0;
        """;

    /// <inheritdoc/>
    public async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        var rows = new Dictionary<string, Row>(StringComparer.Ordinal);
        foreach (var recorded in batch.Events)
        {
            if (recorded.Data is CustomerRegistered registered)
                // The last registration of an id counts, should a foreign history hold more than one.
                rows[registered.CustomerId] = new Row(registered, recorded.Timestamp.UtcDateTime, null, recorded.Version);
            else if (recorded.Data is CustomerForgotten forgotten)
                rows[forgotten.CustomerId] = (rows.GetValueOrDefault(forgotten.CustomerId) ?? new Row(null, default, null, 0))
                    .Forget(recorded.Timestamp.UtcDateTime, recorded.Version);
        }

        await WriteAsync(batch, [.. rows.Values.Where(row => row.Data is not null)]);
        await ForgetAsync(batch, [.. rows.Where(row => row.Value.Data is null)]);
    }

    private static Task WriteAsync(ProjectionBatch batch, Row[] rows) => rows.Length == 0 ? Task.CompletedTask : batch.ExecuteAsync(
        """
        insert into {schema}.customers (customer_id, country, name, email, address, registered_at, forgotten_at, version)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::bigint[])
        on conflict (customer_id) do update set
            country = excluded.country, name = excluded.name, email = excluded.email, address = excluded.address,
            registered_at = excluded.registered_at, forgotten_at = excluded.forgotten_at, version = excluded.version
        """,
        rows.Select(row => row.Data!.CustomerId).ToArray(),
        rows.Select(row => row.Data!.Country).ToArray(),
        rows.Select(row => row.Data!.Name).ToArray(),
        rows.Select(row => row.Data!.Email).ToArray(),
        rows.Select(row => row.Data!.Address).ToArray(),
        rows.Select(row => row.RegisteredAt).ToArray(),
        rows.Select(row => row.ForgottenAt).ToArray(),
        rows.Select(row => row.Version).ToArray());

    private static Task ForgetAsync(ProjectionBatch batch, KeyValuePair<string, Row>[] rows) => rows.Length == 0 ? Task.CompletedTask : batch.ExecuteAsync(
        """
        update {schema}.customers c
        set name = null, email = null, address = null, forgotten_at = f.forgotten_at, version = f.version
        from unnest($1::text[], $2::timestamptz[], $3::bigint[]) as f (customer_id, forgotten_at, version)
        where c.customer_id = f.customer_id
        """,
        rows.Select(row => row.Key).ToArray(),
        rows.Select(row => row.Value.ForgottenAt).ToArray(),
        rows.Select(row => row.Value.Version).ToArray());

    /// <summary>What a batch says of a customer; no data where the customer was registered in an earlier one.</summary>
    private sealed record Row(CustomerRegistered? Data, DateTime RegisteredAt, DateTime? ForgottenAt, long Version)
    {
        public Row Forget(DateTime at, long version) =>
            new(Data is null ? null : Data with { Name = null, Email = null, Address = null }, RegisteredAt, at, version);
    }
}
