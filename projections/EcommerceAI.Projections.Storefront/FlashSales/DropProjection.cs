using EcommerceAI.Commerce.FlashSales;
using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Projections.Storefront.FlashSales;

/// <summary>Drops with what is left of them, and every reservation with how it stands.</summary>
public sealed class DropProjection : IProjection
{
    /// <inheritdoc/>
    public string Name => DropQueries.ProjectionName;

    /// <inheritdoc/>
    public int Version => 1;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Handles { get; } = [typeof(DropEvent)];

    /// <inheritdoc/>
    public string Tables =>
        """
        create table {schema}.drops (
            drop_id   text collate "C" primary key,
            sku       text,
            location  text,
            quantity  integer not null,
            starts_at timestamptz,
            ends_at   timestamptz,
            per_customer integer not null,
            taken     bigint not null,
            sold      bigint not null,
            waiting   bigint not null,
            is_closed boolean not null,
            version   bigint not null
        ) with (fillfactor = 50);

        create table {schema}.drop_reservations (
            drop_id        text collate "C" not null,
            reservation_id text collate "C" not null,
            status         text not null,
            quantity       integer not null,
            ticket         bigint not null,
            expires_at     timestamptz,
            order_id       text,
            version        bigint not null,
            primary key (drop_id, reservation_id)
        );
        """;

    /// <inheritdoc/>
    public async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        var drops = new Dictionary<string, DropChange>(StringComparer.Ordinal);
        var reservations = new Dictionary<(string, string), ReservationChange>();
        foreach (var recorded in batch.Events)
        {
            var @event = (DropEvent)recorded.Data;
            drops[@event.DropId] = drops.GetValueOrDefault(@event.DropId, new DropChange(@event.DropId)).With(@event, recorded.Version);
            if (ReservationChange.Of(@event, recorded.Version) is not { } change) continue;
            var key = (@event.DropId, change.ReservationId);
            reservations[key] = reservations.TryGetValue(key, out var before) ? before.Then(change) : change;
        }

        await DropRows.WriteAsync(batch, [.. drops.Values]);
        await DropRows.WriteAsync(batch, [.. reservations.Values]);
    }
}

/// <summary>What a batch says of a drop: what was announced, and by how much its sums change.</summary>
internal sealed record DropChange(string DropId)
{
    public DropScheduled? Plan { get; private init; }

    public long Taken { get; private init; }

    public long Sold { get; private init; }

    public long Waiting { get; private init; }

    public bool IsClosed { get; private init; }

    public long Version { get; private init; }

    public DropChange With(DropEvent @event, long version)
    {
        var after = this with { Version = version };
        return @event switch
        {
            DropScheduled scheduled => after with { Plan = scheduled },
            DropUnitsHeld { WasQueued: true } held => after with { Taken = Taken + held.Quantity, Waiting = Waiting - 1 },
            DropUnitsHeld held => after with { Taken = Taken + held.Quantity },
            DropReservationQueued => after with { Waiting = Waiting + 1 },
            DropReservationReleased { WasHeld: true } released => after with { Taken = Taken - released.Quantity },
            DropReservationReleased => after with { Waiting = Waiting - 1 },
            DropUnitsSold sold => after with { Sold = Sold + sold.Quantity },
            DropClosed => after with { IsClosed = true },
            _ => after,
        };
    }
}

/// <summary>How a reservation stands after an event; null where the event does not say.</summary>
internal sealed record ReservationChange(
    string DropId, string ReservationId, ReservationStatus Status, int Quantity, long? Ticket, DateTimeOffset? ExpiresAt, string? OrderId, long Version)
{
    public static ReservationChange? Of(DropEvent @event, long version) => @event switch
    {
        DropUnitsHeld held => new(held.DropId, held.ReservationId, ReservationStatus.Held, held.Quantity, held.Ticket, held.ExpiresAt, null, version),
        DropReservationQueued queued =>
            new(queued.DropId, queued.ReservationId, ReservationStatus.Queued, queued.Quantity, queued.Ticket, null, null, version),
        DropReservationReleased released =>
            new(released.DropId, released.ReservationId, ReservationStatus.Released, released.Quantity, null, null, null, version),
        DropUnitsSold sold => new(sold.DropId, sold.ReservationId, ReservationStatus.Sold, sold.Quantity, null, null, sold.OrderId, version),
        _ => null,
    };

    public ReservationChange Then(ReservationChange later) => later with
    {
        Ticket = later.Ticket ?? Ticket,
        ExpiresAt = later.ExpiresAt ?? ExpiresAt,
        OrderId = later.OrderId ?? OrderId,
    };
}
