using System.Runtime.InteropServices;
using EcommerceAI.Commerce.Pricing;
using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Projections.Storefront.Pricing;

/// <summary>
/// Writes <c>promotions</c> and <c>redemptions</c>. Terms change seldom and are written one by one; orders that use a promotion come by
/// the thousand and are written together.
/// </summary>
internal static class PromotionRows
{
    public static async Task ApplyAsync(ProjectionBatch batch)
    {
        var used = new Dictionary<(string Promotion, string Order), string?>();
        var released = new HashSet<(string Promotion, string Order)>();
        var counts = new Dictionary<string, (int Difference, long Version)>(StringComparer.Ordinal);
        foreach (var recorded in batch.Events)
        {
            switch (recorded.Data)
            {
                case PromotionCreated created:
                    await WriteAsync(batch, created.PromotionId, created.Terms, recorded.Version);
                    break;
                case PromotionChanged changed:
                    await WriteAsync(batch, changed.PromotionId, changed.Terms, recorded.Version);
                    break;
                case PromotionWithdrawn withdrawn:
                    await batch.ExecuteAsync(
                        "update {schema}.promotions set withdrawn = true, version = $2::bigint where promotion_id = $1::text",
                        withdrawn.PromotionId, recorded.Version);
                    break;
                case PromotionRedeemed redeemed:
                    used[(redeemed.PromotionId, redeemed.OrderId)] = redeemed.CustomerId;
                    Count(redeemed.PromotionId, 1, recorded.Version);
                    break;
                case PromotionRedemptionReleased release:
                    if (!used.Remove((release.PromotionId, release.OrderId))) released.Add((release.PromotionId, release.OrderId));
                    Count(release.PromotionId, -1, recorded.Version);
                    break;
            }
        }

        await WriteUseAsync(batch, used, released, counts);

        void Count(string promotionId, int difference, long version)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, promotionId, out _);
            count = (count.Difference + difference, version);
        }
    }

    private static Task<int> WriteAsync(ProjectionBatch batch, string promotionId, PromotionTerms terms, long version) => batch.ExecuteAsync(
        """
        insert into {schema}.promotions (promotion_id, terms, coupon, ends, withdrawn, redeemed, version)
        values ($1::text, $2::text::jsonb, $3::text, $4::timestamptz, false, 0, $5::bigint)
        on conflict (promotion_id) do update set
            terms = excluded.terms, coupon = excluded.coupon, ends = excluded.ends, version = excluded.version
        """,
        promotionId, JsonRows.Write(terms), terms.Conditions.CouponCode, terms.Conditions.Until?.UtcDateTime, version);

    private static async Task WriteUseAsync(
        ProjectionBatch batch, Dictionary<(string Promotion, string Order), string?> used, HashSet<(string Promotion, string Order)> released,
        Dictionary<string, (int Difference, long Version)> counts)
    {
        if (counts.Count == 0) return;
        // What a batch releases of an earlier one goes first: the same order may use the promotion again later in the batch.
        await batch.ExecuteAsync(
            """
            delete from {schema}.redemptions r using unnest($1::text[], $2::text[]) as gone (promotion_id, order_id)
            where r.promotion_id = gone.promotion_id and r.order_id = gone.order_id
            """,
            released.Select(order => order.Promotion).ToArray(), released.Select(order => order.Order).ToArray());
        await batch.ExecuteAsync(
            """
            insert into {schema}.redemptions (promotion_id, order_id, customer_id)
            select * from unnest($1::text[], $2::text[], $3::text[])
            on conflict (promotion_id, order_id) do update set customer_id = excluded.customer_id
            """,
            used.Keys.Select(order => order.Promotion).ToArray(), used.Keys.Select(order => order.Order).ToArray(), used.Values.ToArray());
        await batch.ExecuteAsync(
            """
            update {schema}.promotions p set redeemed = p.redeemed + c.difference, version = greatest(p.version, c.version)
            from unnest($1::text[], $2::integer[], $3::bigint[]) as c (promotion_id, difference, version)
            where p.promotion_id = c.promotion_id
            """,
            counts.Keys.ToArray(), counts.Values.Select(count => count.Difference).ToArray(), counts.Values.Select(count => count.Version).ToArray());
    }
}
