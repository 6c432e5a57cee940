using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.EventSourcing.Commands;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Catalog;

/// <summary>Import of many products at once, a line of JSON each.</summary>
internal sealed class ImportEndpoints : IEndpoints
{
    private const string NdJson = "application/x-ndjson";
    private const int MostRows = 50_000;
    private const int RowsOfChunk = 500;

    public void Map(RouteGroupBuilder api) =>
        api.MapPost("/products/imports", ImportAsync).WithTags("Catalog").Allow(Roles.Operator).WithName("ImportProducts")
            .Accepts<ImportRow>(NdJson)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Brings products to what rows say, one line of JSON each. Bad rows are named, the others land; sent again, nothing changes.");

    private static async Task<Results<Ok<ImportReport>, ProblemHttpResult>> ImportAsync(HttpContext context, CommandHandler handler)
    {
        var request = context.Request;
        if (request.ContentType?.Split(';')[0].Trim().Equals(NdJson, StringComparison.OrdinalIgnoreCase) != true)
            return Problems.Result(
                StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", $"The body must be {NdJson} in UTF-8: a JSON object a line.");
        var caller = Caller.Of(context);
        var import = new CatalogueImport(handler, new CommandContext(caller.Subject, null, [], caller.Describe(context)));
        await ReadAsync(request.BodyReader, import, context.RequestAborted);
        if (import.Position > 0) context.Response.Headers[Headers.EventPosition] = import.Position.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Ok(import.Report);
    }

    private static async Task ReadAsync(PipeReader body, CatalogueImport import, CancellationToken cancellation)
    {
        var rows = new List<(int, byte[])>(RowsOfChunk);
        var number = 0;
        while (true)
        {
            var read = await body.ReadAsync(cancellation);
            var rest = read.Buffer;
            while (TryCutLine(ref rest, read.IsCompleted, out var line))
            {
                if (++number > MostRows)
                {
                    await import.TakeAsync(rows, cancellation);
                    import.Refuse(number, "too_many_rows", $"An import has at most {MostRows} rows; this one and those after it were not read.");
                    return;
                }

                var json = line.ToArray();
                if (json.AsSpan().Trim(" \t\r"u8).IsEmpty) continue;
                if (json.Length > RequestBody.MostBytes) import.Refuse(number, "row_too_long", $"A row has at most {RequestBody.MostBytes} bytes.");
                else rows.Add((number, json));
                if (rows.Count < RowsOfChunk) continue;
                await import.TakeAsync(rows, cancellation);
                rows.Clear();
            }

            if (rest.Length > RequestBody.MostBytes * 2L)
            {
                await import.TakeAsync(rows, cancellation);
                import.Refuse(number + 1, "row_too_long", $"A row has at most {RequestBody.MostBytes} bytes; this one and those after it were not read.");
                return;
            }

            body.AdvanceTo(rest.Start, rest.End);
            if (!read.IsCompleted) continue;
            await import.TakeAsync(rows, cancellation);
            return;
        }
    }

    /// <summary>Cuts the next line off; at the end of the body what is left is one, if anything is.</summary>
    private static bool TryCutLine(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        line = rest;
        if (!isLast || rest.IsEmpty) return false;
        rest = rest.Slice(rest.End);
        return true;
    }
}
