using System.IO.Compression;
using System.Text;

namespace EcommerceAI.Replay.OnlineRetail.Generation;

/// <summary>
/// Writes an invented year of a gift retailer in the form of the real file: for trying the platform out where the real one is not at
/// hand. The text is the same, byte for byte, for one seed and number of lines on every machine: all choices are made in integers by a
/// generator of its own. No line of it is ever rejected.
/// </summary>
/// <param name="seed">Any number; another seed is another year.</param>
/// <param name="lines">How many lines to write, the header not counted; 1 or more.</param>
public sealed class RetailYearGenerator(ulong seed = 1, int lines = RetailYearGenerator.DefaultLines)
{
    /// <summary>Lines that are written where nobody asks for a number.</summary>
    public const int DefaultLines = 100_000;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly int _lines = lines > 0 ? lines : throw new ArgumentOutOfRangeException(nameof(lines), lines, "At least one line.");

    /// <summary>
    /// Writes a new file, packed where its name ends in .gz. It appears under its name only when it is whole. The packing may differ
    /// between versions of the framework, the text does not.
    /// </summary>
    /// <param name="path">Where to; a file that stands there is replaced.</param>
    public void WriteFile(string path)
    {
        var unfinished = path + ".part";
        using (var file = File.Create(unfinished))
        {
            if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) Write(file);
            else
            {
                using var packed = new GZipStream(file, CompressionLevel.Fastest);
                Write(packed);
            }
        }
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Writes the text as it is made; memory does not grow with the number of lines.</summary>
    /// <param name="stream">Where to; left open.</param>
    public void Write(Stream stream)
    {
        using var text = new StreamWriter(stream, Utf8, 1 << 16, leaveOpen: true);
        text.Write("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
        var shop = new InventedShop(seed, _lines);
        var split = TradingCalendar.Split(_lines);
        for (var day = 0; day < split.Length; day++)
        {
            for (var left = split[day]; left > 0;)
            {
                var moment = MomentOf(day, split[day] - left, split[day]);
                foreach (var line in shop.NextInvoice(day, moment).Take(left))
                {
                    line.WriteTo(text);
                    left--;
                }
            }
        }
    }

    /// <summary>Invoices are written from 8 to 18 o'clock, evenly over the day's lines, so the file runs on in time.</summary>
    private static DateTime MomentOf(int day, int done, int ofDay) =>
        TradingCalendar.FirstDay.AddDays(day) + new TimeSpan(8, (int)(600L * done / ofDay), 0);
}
