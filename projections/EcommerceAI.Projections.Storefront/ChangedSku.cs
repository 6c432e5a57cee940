using Npgsql;

namespace EcommerceAI.Projections.Storefront;

/// <summary>A SKU whose rows of a read model changed.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Position">Position in the log of the event that changed them last.</param>
public sealed record ChangedSku(string Sku, long Position)
{
    internal static ChangedSku Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetInt64(1));
}
