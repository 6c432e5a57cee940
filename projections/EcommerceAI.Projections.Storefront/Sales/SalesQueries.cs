using EcommerceAI.EventSourcing.Projections;
using Npgsql;

namespace EcommerceAI.Projections.Storefront.Sales;

/// <summary>Reads sales by day and country.</summary>
public sealed class SalesQueries(ReadModels models)
{
    /// <summary>The projection that these queries read.</summary>
    public const string ProjectionName = "storefront_sales";

    private const string Sums =
        """
        sum(orders)::bigint, sum(units)::bigint, sum(free_units)::bigint, sum(revenue), sum(booked)::bigint, sum(charges),
        sum(charges_booked)::bigint, sum(cancelled_orders)::bigint, sum(cancelled_units)::bigint, sum(cancelled_revenue),
        sum(cancelled_booked)::bigint, sum(cancelled_charges), sum(cancelled_charges_booked)::bigint, sum(returns)::bigint,
        sum(returned_units)::bigint, sum(refunded), sum(refunded_booked)::bigint, sum(return_charges),
        sum(return_charges_booked)::bigint
        """;

    /// <summary>Sales figures of some days, in order of day, country and currency as far as they are grouped by them.</summary>
    /// <param name="from">The first day, UK time.</param>
    /// <param name="to">The last day, included.</param>
    /// <param name="country">Only this country, or null for all.</param>
    /// <param name="grouping">What they are summed by, beside the currency.</param>
    /// <param name="after">The key that the last page ended with, or null for the first page.</param>
    /// <param name="size">The most rows of the page, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<KeysetPage<SalesFigures, SalesKey>>> ListAsync(
        DateOnly from,
        DateOnly to,
        string? country,
        SalesGrouping grouping,
        SalesKey? after,
        int size,
        CancellationToken cancellation = default)
    {
        var (columns, key) = grouping switch
        {
            SalesGrouping.Day => ("day, currency", new object?[] { after?.Day, after?.Currency }),
            SalesGrouping.Country => ("country, currency", [after?.Country, after?.Currency]),
            SalesGrouping.DayAndCountry => ("day, country, currency", [after?.Day, after?.Country, after?.Currency]),
            _ => throw new ArgumentOutOfRangeException(nameof(grouping), grouping, "Not a grouping of sales."),
        };
        // The key is of columns that are grouped by, so it cuts before the sums as well as after them.
        var beyond = after is null ? "" : $"and ({columns}) > ({string.Join(", ", key.Select((_, i) => $"${i + 4}"))})";
        var query = new ReadQuery(
            $$"""
             select {{Sums}}, currency,
                    {{(grouping == SalesGrouping.Country ? "null::date" : "day")}}, {{(grouping == SalesGrouping.Day ? "null::text" : "country")}}
             from {schema}.sales_days
             where day between $1 and $2 and ($3::text is null or country = $3) {{beyond}}
             group by {{columns}} order by {{columns}}
             """,
            [from, to, country, .. after is null ? [] : key]);
        return models.PageAsync(
            ProjectionName, query, size, Read, figures => new SalesKey(figures.Day, figures.Country, figures.Currency), cancellation);
    }

    private static SalesFigures Read(NpgsqlDataReader row) => new(
        row.IsDBNull(20) ? null : row.GetFieldValue<DateOnly>(20),
        row.GetText(21),
        row.GetString(19),
        new PlacedFigures(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetDecimal(3), row.GetInt64(4), row.GetDecimal(5), row.GetInt64(6)),
        new CancelledFigures(
            row.GetInt64(7), row.GetInt64(8), row.GetDecimal(9), row.GetInt64(10), row.GetDecimal(11), row.GetInt64(12)),
        new ReturnedFigures(
            row.GetInt64(13), row.GetInt64(14), row.GetDecimal(15), row.GetInt64(16), row.GetDecimal(17), row.GetInt64(18)));
}
