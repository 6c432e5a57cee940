using EcommerceAI.EventSourcing.Projections;
using Npgsql;

namespace EcommerceAI.Projections.Storefront.Customers;

/// <summary>A customer's profile.</summary>
/// <param name="CustomerId">The customer's id.</param>
/// <param name="Country">Country name as the retailer writes it, or an ISO 3166 code.</param>
/// <param name="Name">The person's name, or null where it is not known.</param>
/// <param name="Email">Mail address, or null where it is not known.</param>
/// <param name="Address">Postal address, or null where it is not known.</param>
/// <param name="ForgottenAt">When the customer was forgotten, or null; name, mail and address are null from then on.</param>
/// <param name="RegisteredAt">When the customer became known.</param>
/// <param name="Version">Version of the stream <c>customer-{id}</c> that the row shows.</param>
public sealed record CustomerProfile(
    string CustomerId, string Country, string? Name, string? Email, string? Address, DateTimeOffset? ForgottenAt,
    DateTimeOffset RegisteredAt, long Version);

/// <summary>Where a list of customers goes on.</summary>
/// <param name="CustomerId">Id of the last one.</param>
public sealed record CustomerKey(string CustomerId);

/// <summary>Reads profiles of customers.</summary>
public sealed class CustomerQueries(ReadModels models)
{
    /// <summary>The projection that these queries read.</summary>
    public const string ProjectionName = "storefront_customers";

    private const string Select =
        "select customer_id, country, name, email, address, forgotten_at, registered_at, version from {schema}.customers";

    /// <summary>The profile of a customer.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The profile, or null where nobody registered under this id.</returns>
    public async Task<ReadSnapshot<CustomerProfile?>> FindAsync(string customerId, CancellationToken cancellation = default)
    {
        var found = await models.ListAsync(ProjectionName, new ReadQuery($"{Select} where customer_id = $1", customerId), Read, cancellation);
        return new ReadSnapshot<CustomerProfile?>(found.Value.SingleOrDefault(), found.Position);
    }

    /// <summary>All customers, in order of their ids.</summary>
    /// <param name="after">The key that the last page ended with, or null for the first page.</param>
    /// <param name="size">The most customers of the page, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<KeysetPage<CustomerProfile, CustomerKey>>> ListAsync(
        CustomerKey? after, int size, CancellationToken cancellation = default) =>
        models.PageAsync(
            ProjectionName,
            new ReadQuery($"{Select} where customer_id > $1 order by customer_id", after?.CustomerId ?? ""),
            size, Read, customer => new CustomerKey(customer.CustomerId), cancellation);

    private static CustomerProfile Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetText(2), row.GetText(3), row.GetText(4), row.GetMomentOrNull(5), row.GetMoment(6), row.GetInt64(7));
}
