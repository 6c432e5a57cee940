using System.IO.Compression;
using System.Text;
using EcommerceAI.Commerce;
using EcommerceAI.Replay.OnlineRetail;

namespace EcommerceAI.Replay.Tests.OnlineRetail;

/// <summary>Small files written by hand, and what the import makes of them.</summary>
internal static class RetailCsv
{
    public const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

    /// <summary>Reads a file with the usual header and these lines.</summary>
    public static RetailFile Read(params IEnumerable<string> lines) =>
        ReadBytes(Encoding.UTF8.GetBytes(string.Join('\n', lines.Prepend(Header)) + "\n"));

    /// <summary>Reads a file of these bytes.</summary>
    public static RetailFile ReadBytes(byte[] content, string name = "year.csv")
    {
        var folder = Directory.CreateTempSubdirectory("retail-");
        try
        {
            var path = Path.Combine(folder.FullName, name);
            File.WriteAllBytes(path, content);
            return OnlineRetailReader.Read(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(content);
        return packed.ToArray();
    }

    public static ImportPlan Plan(params IEnumerable<string> lines) => ImportPlan.Create(Read(lines));

    /// <summary>A line of the form, with what the test does not care about filled in.</summary>
    public static string Line(
        string invoice = "536365", string code = "85123A", string description = "WHITE HEART", int quantity = 6,
        string moment = "2010-12-01 08:26:00", string price = "2.55", string customer = "17850", string country = "United Kingdom") =>
        $"{invoice},{code},{description},{quantity},{moment},{price},{customer},{country}";

    public static List<PlannedEvent> Events(this ImportPlan plan) => [.. plan.Invoices().SelectMany(invoice => invoice.Events)];

    public static List<T> Events<T>(this ImportPlan plan)
        where T : DomainEvent =>
        [.. plan.Events().Select(planned => planned.Data).OfType<T>()];
}
