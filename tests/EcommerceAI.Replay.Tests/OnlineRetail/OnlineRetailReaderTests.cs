using System.Security.Cryptography;
using System.Text;
using EcommerceAI.Replay.OnlineRetail;
using Shouldly;
using Xunit;
using static EcommerceAI.Replay.Tests.OnlineRetail.RetailCsv;

namespace EcommerceAI.Replay.Tests.OnlineRetail;

public sealed class OnlineRetailReaderTests
{
    [Fact]
    public void A_line_is_read_as_it_stands_with_codes_folded_and_spaces_tidied()
    {
        const string text =
            "c536365, 85123a ,\"  WHITE  HANGING\tHEART, \"\"T-LIGHT\"\" \",-6,2010-12-01 08:26:00,0.001,17850, United  Kingdom";
        var moment = new DateTime(2010, 12, 1, 8, 26, 0, DateTimeKind.Unspecified);
        var line = Read(text).Lines.ShouldHaveSingleItem();
        line.ShouldBe(new RetailLine(
            2, "C536365", "85123A", "WHITE HANGING HEART, \"T-LIGHT\"", -6, moment, 0.001m, "17850", "United Kingdom"));
    }

    [Fact]
    public void Columns_are_found_by_name_in_any_order_and_others_are_ignored()
    {
        const string text = "Country,Note,customerid,UnitPrice,InvoiceDate,Quantity,Description,StockCode,InvoiceNo\n"
            + "France,n/a,12345,1.5,2011-01-02T10:11,3,MUG,21000,540000\n";
        var line = ReadBytes(Encoding.UTF8.GetBytes(text)).Lines.ShouldHaveSingleItem();
        (line.InvoiceNo, line.StockCode, line.Quantity, line.UnitPrice, line.CustomerId, line.Country)
            .ShouldBe(("540000", "21000", 3, 1.5m, "12345", "France"));
    }

    [Fact]
    public void A_byte_order_mark_and_line_ends_of_windows_are_taken()
    {
        var bytes = Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(Header + "\r\n" + Line() + "\r\n")).ToArray();
        ReadBytes(bytes).Lines.ShouldHaveSingleItem().Country.ShouldBe("United Kingdom");
    }

    [Fact]
    public void Equal_texts_are_one_instance()
    {
        var lines = Read(Line(code: "85123a"), Line(code: "85123A")).Lines;
        lines[0].StockCode.ShouldBeSameAs(lines[1].StockCode);
        lines[0].Description.ShouldBeSameAs(lines[1].Description);
    }

    [Fact]
    public void The_content_hash_is_of_the_unpacked_bytes_so_packing_does_not_change_it()
    {
        var content = BrokenFileTests.GeneratedYear(2_000);
        var plain = ReadBytes(content);
        var packed = ReadBytes(Gzip(content), "year.csv.gz");
        plain.ContentHash.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(content)));
        packed.ContentHash.ShouldBe(plain.ContentHash);
        packed.Lines.ShouldBe(plain.Lines);
    }

    [Fact]
    public void Totals_are_exact()
    {
        var file = Read(Line(quantity: 3, price: "0.001"), Line(quantity: -2, price: "1.25"));
        file.Units.ShouldBe(1);
        file.Value.ShouldBe(-2.497m);
    }

    [Fact]
    public void Reading_stops_when_asked_to()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Header + "\n" + Line() + "\n");
            Should.Throw<OperationCanceledException>(() => OnlineRetailReader.Read(path, new CancellationToken(canceled: true)));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
