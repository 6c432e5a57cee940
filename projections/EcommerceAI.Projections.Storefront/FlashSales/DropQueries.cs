using EcommerceAI.Commerce.FlashSales;
using EcommerceAI.EventSourcing.Projections;
using Npgsql;

namespace EcommerceAI.Projections.Storefront.FlashSales;

/// <summary>A drop as shoppers see it.</summary>
/// <param name="DropId">The drop.</param>
/// <param name="Sku">What is sold.</param>
/// <param name="Location">Where it stands.</param>
/// <param name="Quantity">Units in all.</param>
/// <param name="StartsAt">From when on units are held.</param>
/// <param name="EndsAt">From when on none are.</param>
/// <param name="LimitPerCustomer">The most units for one customer.</param>
/// <param name="Taken">Units held or sold.</param>
/// <param name="Sold">Units sold.</param>
/// <param name="Waiting">How many wait.</param>
/// <param name="IsClosed">Whether it is over.</param>
/// <param name="Version">Version of the stream <c>drop-{id}</c> that the row shows.</param>
public sealed record DropView(
    string DropId, string Sku, string Location, int Quantity, DateTimeOffset StartsAt, DateTimeOffset EndsAt, int LimitPerCustomer, long Taken,
    long Sold, long Waiting, bool IsClosed, long Version)
{
    /// <summary>Units that nobody has, 0 or more.</summary>
    public long Left => Math.Max(0, Quantity - Taken);
}

/// <summary>A reservation in a drop.</summary>
/// <param name="ReservationId">The reservation.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Quantity">Its units.</param>
/// <param name="Ticket">Its place in the order of arrival, from 1.</param>
/// <param name="ExpiresAt">Until when what is held must be bought; null where nothing was held.</param>
/// <param name="OrderId">The order that bought it, or null.</param>
/// <param name="Version">Version of the drop's stream that the row shows.</param>
public sealed record DropReservationView(
    string ReservationId, ReservationStatus Status, int Quantity, long Ticket, DateTimeOffset? ExpiresAt, string? OrderId, long Version);

/// <summary>Reads drops and reservations.</summary>
public sealed class DropQueries(ReadModels models)
{
    /// <summary>The projection that these queries read.</summary>
    public const string ProjectionName = "storefront_drops";

    /// <summary>A drop.</summary>
    /// <param name="dropId">Its id.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The drop, or null where none was announced under this id.</returns>
    public async Task<ReadSnapshot<DropView?>> FindAsync(string dropId, CancellationToken cancellation = default)
    {
        var found = await models.ListAsync(
            ProjectionName,
            new ReadQuery(
                """
                select drop_id, sku, location, quantity, starts_at, ends_at, per_customer, taken, sold, waiting, is_closed, version
                from {schema}.drops where drop_id = $1 and sku is not null
                """,
                dropId),
            ReadDrop, cancellation);
        return new ReadSnapshot<DropView?>(found.Value.SingleOrDefault(), found.Position);
    }

    /// <summary>A reservation.</summary>
    /// <param name="dropId">The drop.</param>
    /// <param name="reservationId">The reservation.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The reservation, or null where nothing was held or queued under this id.</returns>
    public async Task<ReadSnapshot<DropReservationView?>> FindReservationAsync(
        string dropId, string reservationId, CancellationToken cancellation = default)
    {
        var found = await models.ListAsync(
            ProjectionName,
            new ReadQuery(
                """
                select reservation_id, status, quantity, ticket, expires_at, order_id, version
                from {schema}.drop_reservations where drop_id = $1 and reservation_id = $2
                """,
                dropId, reservationId),
            ReadReservation, cancellation);
        return new ReadSnapshot<DropReservationView?>(found.Value.SingleOrDefault(), found.Position);
    }

    private static DropView ReadDrop(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetMoment(4), row.GetMoment(5), row.GetInt32(6),
        row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetBoolean(10), row.GetInt64(11));

    private static DropReservationView ReadReservation(NpgsqlDataReader row) => new(
        row.GetString(0), Enum.Parse<ReservationStatus>(row.GetString(1)), row.GetInt32(2), row.GetInt64(3), row.GetMomentOrNull(4),
        row.GetText(5), row.GetInt64(6));
}
