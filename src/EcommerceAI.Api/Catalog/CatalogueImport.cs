using System.Runtime.InteropServices;
using EcommerceAI.Api.Http;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Commands;

namespace EcommerceAI.Api.Catalog;

/// <summary>
/// Brings products to what rows say, each row for itself: a bad one is named and the others land. Rows of one SKU are taken in their order;
/// rows of others side by side, so that their appends travel together. The same rows again change nothing, which makes a
/// broken-off import one that is simply sent again.
/// </summary>
internal sealed class CatalogueImport(CommandHandler handler, CommandContext context)
{
    private const int RowsAtOnce = 32;

    private readonly List<ImportError> _errors = [];
    private int _rows;
    private int _changed;
    private int _failed;

    /// <summary>The last position that was appended to, or 0.</summary>
    public long Position { get; private set; }

    /// <summary>What has become of the rows so far.</summary>
    public ImportReport Report => new(_rows, _changed, _rows - _changed - _failed, _failed, [.. _errors.OrderBy(error => error.Row)]);

    /// <summary>Notes what is wrong with a row that is none.</summary>
    public void Refuse(int row, string code, string message) => Note([new ImportError(row, "", code, message)]);

    /// <summary>Takes rows.</summary>
    /// <param name="rows">Number and UTF-8 JSON of each.</param>
    /// <param name="cancellation">Gives up; what has landed stays.</param>
    public async Task TakeAsync(IReadOnlyList<(int Row, byte[] Json)> rows, CancellationToken cancellation)
    {
        var bySku = new Dictionary<string, List<(int Row, ImportProduct Command)>>(StringComparer.Ordinal);
        foreach (var (row, json) in rows)
        {
            if (Read(row, json) is not { } command) continue;
            (CollectionsMarshal.GetValueRefOrAddDefault(bySku, SkuFormat.Normalize(command.Sku), out _) ??= []).Add((row, command));
        }

        await Parallel.ForEachAsync(
            bySku.Values, new ParallelOptions { MaxDegreeOfParallelism = RowsAtOnce, CancellationToken = cancellation },
            async (ofSku, token) =>
            {
                foreach (var (row, command) in ofSku) await ImportAsync(row, command, token);
            });
    }

    private ImportProduct? Read(int row, byte[] json)
    {
        var faults = new FieldErrors();
        if (StrictJson.TryRead<ImportRow>(json, out var read, faults) is { } malformed)
        {
            Refuse(row, "malformed_json", malformed);
            return null;
        }

        if (faults.Any)
        {
            Note(faults.ByPath.SelectMany(field => field.Value.Select(error => new ImportError(row, field.Key, error.Code, error.Message))));
            return null;
        }

        var command = read!.ToCommand();
        var rejections = ProductDecider.Validate(command);
        if (rejections.Count == 0) return command;
        Note(rejections.Select(rejection => new ImportError(row, rejection.Field ?? "", rejection.Code, rejection.Message)));
        return null;
    }

    private async Task ImportAsync(int row, ImportProduct command, CancellationToken cancellation)
    {
        var outcome = await handler.HandleAsync(
            context,
            async session =>
            {
                var key = Product.StreamKey(command.Sku);
                var product = await session.LoadAsync(key, Product.Initial, Product.Evolve);
                return session.Settle(key, ProductDecider.Decide(product, command), () => new ProductEntered(command.Sku));
            },
            cancellation);
        switch (outcome)
        {
            case CommandOutcome.Accepted accepted:
                lock (_errors)
                {
                    _rows++;
                    if (accepted.Position > 0) _changed++;
                    Position = Math.Max(Position, accepted.Position);
                }

                break;
            case CommandOutcome.Rejected rejected:
                Note(rejected.Rejections.Select(rejection => new ImportError(row, rejection.Field ?? "", rejection.Code, rejection.Message)));
                break;
            case CommandOutcome.StreamArchived:
                Refuse(row, "archived", "The product is archived and takes no more commands.");
                break;
            default:
                Refuse(row, "contended", "Too many others changed the product at this moment; send the row again.");
                break;
        }
    }

    private void Note(IEnumerable<ImportError> errors)
    {
        lock (_errors)
        {
            _rows++;
            _failed++;
            _errors.AddRange(errors);
        }
    }
}
