using EcommerceAI.Commerce.Orders;
using EcommerceAI.EventSourcing.Projections;
using NpgsqlTypes;

namespace EcommerceAI.Projections.Storefront.Orders;

/// <summary>Lines of goods that belong to one key.</summary>
internal readonly record struct KeyedLines(string[] Key, IReadOnlyList<OrderLine> Lines);

/// <summary>Charges that belong to one document.</summary>
internal readonly record struct DocumentCharges(string Document, string Id, IReadOnlyList<OrderCharge> Lines);

/// <summary>Streams lines into their tables: they are most of the rows, always new, and never change.</summary>
internal static class LineCopies
{
    public static async Task CopyLinesAsync(
        this ProjectionBatch batch, string table, string keyColumns, List<KeyedLines> documents, CancellationToken cancellation)
    {
        if (documents.Count == 0) return;
        await batch.CopyAsync(
            table, $"{keyColumns}, line, sku, quantity, unit_price, amount",
            async copy =>
            {
                foreach (var (key, lines) in documents)
                {
                    for (var i = 0; i < lines.Count; i++)
                    {
                        await copy.StartRowAsync(cancellation);
                        foreach (var part in key) await copy.WriteAsync(part, NpgsqlDbType.Text, cancellation);
                        await copy.WriteAsync(i + 1, NpgsqlDbType.Integer, cancellation);
                        await copy.WriteAsync(lines[i].Sku, NpgsqlDbType.Text, cancellation);
                        await copy.WriteAsync(lines[i].Quantity, NpgsqlDbType.Integer, cancellation);
                        await copy.WriteAsync(lines[i].UnitPrice, NpgsqlDbType.Numeric, cancellation);
                        await copy.WriteAsync(lines[i].Amount, NpgsqlDbType.Bigint, cancellation);
                    }
                }
            },
            cancellation);
    }

    public static async Task CopyChargesAsync(this ProjectionBatch batch, List<DocumentCharges> documents, CancellationToken cancellation)
    {
        if (documents.Count == 0) return;
        await batch.CopyAsync(
            "charges", "document, id, line, code, description, quantity, unit_price, amount",
            async copy =>
            {
                foreach (var (document, id, lines) in documents)
                {
                    for (var i = 0; i < lines.Count; i++)
                    {
                        await copy.StartRowAsync(cancellation);
                        await copy.WriteAsync(document, NpgsqlDbType.Text, cancellation);
                        await copy.WriteAsync(id, NpgsqlDbType.Text, cancellation);
                        await copy.WriteAsync(i + 1, NpgsqlDbType.Integer, cancellation);
                        await copy.WriteAsync(lines[i].Code, NpgsqlDbType.Text, cancellation);
                        await copy.WriteAsync(lines[i].Description, NpgsqlDbType.Text, cancellation);
                        await copy.WriteAsync(lines[i].Quantity, NpgsqlDbType.Integer, cancellation);
                        await copy.WriteAsync(lines[i].UnitPrice, NpgsqlDbType.Numeric, cancellation);
                        await copy.WriteAsync(lines[i].Amount, NpgsqlDbType.Bigint, cancellation);
                    }
                }
            },
            cancellation);
    }
}
