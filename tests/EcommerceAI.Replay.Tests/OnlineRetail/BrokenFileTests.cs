using System.Text;
using EcommerceAI.Replay.OnlineRetail;
using EcommerceAI.Replay.OnlineRetail.Generation;
using Shouldly;
using Xunit;
using static EcommerceAI.Replay.Tests.OnlineRetail.RetailCsv;

namespace EcommerceAI.Replay.Tests.OnlineRetail;

public sealed class BrokenFileTests
{
    [Theory]
    [InlineData("Quantity", "536365,85123A,HEART,six,2010-12-01 08:26:00,2.55,17850,United Kingdom")]
    [InlineData("Quantity", "536365,85123A,HEART,1.5,2010-12-01 08:26:00,2.55,17850,United Kingdom")]
    [InlineData("Quantity", "536365,85123A,HEART,99999999999,2010-12-01 08:26:00,2.55,17850,United Kingdom")]
    [InlineData("Quantity", "536365,85123A,HEART,,2010-12-01 08:26:00,2.55,17850,United Kingdom")]
    [InlineData("UnitPrice", "536365,85123A,HEART,6,2010-12-01 08:26:00,£2.55,17850,United Kingdom")]
    [InlineData("UnitPrice", "536365,85123A,HEART,6,2010-12-01 08:26:00,1e3,17850,United Kingdom")]
    [InlineData("UnitPrice", "536365,85123A,HEART,6,2010-12-01 08:26:00,99999999999,17850,United Kingdom")]
    [InlineData("InvoiceDate", "536365,85123A,HEART,6,2010-02-30 08:26:00,2.55,17850,United Kingdom")]
    [InlineData("InvoiceDate", "536365,85123A,HEART,6,2010-12-01 24:00:00,2.55,17850,United Kingdom")]
    [InlineData("InvoiceDate", "536365,85123A,HEART,6,2x10-12-01 08:26:00,2.55,17850,United Kingdom")]
    [InlineData("InvoiceDate", "536365,85123A,HEART,6,12/1/2010 8:26,2.55,17850,United Kingdom")]
    [InlineData("Country", "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850")]
    public void A_bad_field_is_named_with_file_line_and_column(string column, string broken)
    {
        var fault = Should.Throw<ImportFileException>(() => Read(Line(), broken, Line()));
        fault.Line.ShouldBe(3);
        fault.Column.ShouldBe(column);
        fault.Message.ShouldContain("year.csv, line 3, column " + column);
    }

    [Fact]
    public void A_line_after_a_description_of_two_lines_keeps_its_true_number()
    {
        var fault = Should.Throw<ImportFileException>(() => Read(Line(description: "\"two\nlines\""), Line(price: "x")));
        fault.Line.ShouldBe(4);
    }

    [Fact]
    public void A_record_of_too_many_fields_is_refused()
    {
        var fault = Should.Throw<ImportFileException>(() => Read(Line(description: "CAKE STAND, PINK")));
        fault.Line.ShouldBe(2);
        fault.Reason.ShouldContain("9 fields where the header names 8");
    }

    [Theory]
    [InlineData("InvoiceNo")]
    [InlineData("UnitPrice")]
    [InlineData("Country")]
    public void A_missing_column_is_named(string column)
    {
        var header = Header.Replace(column, "Something", StringComparison.Ordinal);
        var fault = Should.Throw<ImportFileException>(() => ReadBytes(Encoding.UTF8.GetBytes(header + "\n" + Line() + "\n")));
        fault.Column.ShouldBe(column);
        fault.Line.ShouldBe(1);
    }

    [Fact]
    public void A_column_that_stands_there_twice_is_refused()
    {
        var fault = Should.Throw<ImportFileException>(() => ReadBytes(Encoding.UTF8.GetBytes(Header + ",Quantity\n" + Line() + ",6\n")));
        fault.Column.ShouldBe("Quantity");
    }

    [Theory]
    [InlineData("\"HEART", "never closed")]
    [InlineData("\"HEART\"S", "not balanced")]
    [InlineData("HE\"ART", "not balanced")]
    public void Unbalanced_quotes_are_refused_on_the_line_that_opens_them(string description, string reason)
    {
        var fault = Should.Throw<ImportFileException>(() => Read(Line(), Line(description: description), Line()));
        fault.Line.ShouldBe(3);
        fault.Reason.ShouldContain(reason);
    }

    [Fact]
    public void A_quote_opened_early_in_a_large_file_is_refused_on_its_line()
    {
        var lines = Enumerable.Repeat(Line(), 60_000).Prepend(Line(description: "\"HEART"));
        Should.Throw<ImportFileException>(() => Read(lines)).Line.ShouldBe(2);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_named_with_its_column()
    {
        var latin = Encoding.Latin1.GetBytes(Header + "\n" + Line() + "\n" + Line(description: "VOUCHER £5") + "\n");
        var fault = Should.Throw<ImportFileException>(() => ReadBytes(latin));
        fault.Line.ShouldBe(3);
        fault.Column.ShouldBe("Description");
        fault.Reason.ShouldContain("UTF-8");
    }

    [Fact]
    public void A_file_in_utf16_is_refused_at_its_header()
    {
        var utf16 = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Header + "\n" + Line() + "\n")).ToArray();
        var fault = Should.Throw<ImportFileException>(() => ReadBytes(utf16));
        fault.Line.ShouldBe(1);
        fault.Reason.ShouldContain("UTF-8");
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\n\n", "empty")]
    [InlineData(Header + "\n", "ends after its header")]
    public void A_file_without_lines_is_refused(string content, string reason) =>
        Should.Throw<ImportFileException>(() => ReadBytes(Encoding.UTF8.GetBytes(content))).Reason.ShouldContain(reason);

    [Theory]
    [InlineData(0.00001)]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void A_truncated_gzip_file_is_refused_wherever_it_was_cut(double share)
    {
        var whole = Gzip(GeneratedYear(5_000));
        var cut = whole[..Math.Max(3, (int)(whole.Length * share))];
        var fault = Should.Throw<ImportFileException>(() => ReadBytes(cut, "year.csv.gz"));
        fault.Message.ShouldContain("year.csv.gz");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(400)]
    public void A_gzip_file_that_lacks_its_last_bytes_is_refused_as_truncated(int missing)
    {
        var whole = Gzip(GeneratedYear(5_000));
        var fault = Should.Throw<ImportFileException>(() => ReadBytes(whole[..^missing], "year.csv.gz"));
        fault.Reason.ShouldContain("ends early");
        fault.Line.ShouldNotBeNull().ShouldBeGreaterThan(4_000);
    }

    [Fact]
    public void Damaged_gzip_data_are_refused()
    {
        var damaged = Gzip(GeneratedYear(5_000));
        damaged.AsSpan(damaged.Length / 2, 64).Fill(0xff);
        Should.Throw<ImportFileException>(() => ReadBytes(damaged, "year.csv.gz")).Line.ShouldNotBeNull().ShouldBeGreaterThan(100);
    }

    [Fact]
    public void A_gzip_file_whose_checksum_is_wrong_is_refused()
    {
        var damaged = Gzip(GeneratedYear(5_000));
        damaged[^6] ^= 0x55;
        Should.Throw<ImportFileException>(() => ReadBytes(damaged, "year.csv.gz"));
    }

    [Fact]
    public void A_plain_file_named_gz_is_refused() =>
        Should.Throw<ImportFileException>(() => ReadBytes(Encoding.UTF8.GetBytes(Header), "year.csv.gz"))
            .Reason.ShouldContain("not a gzip file");

    [Fact]
    public void A_missing_file_is_named() =>
        Should.Throw<ImportFileException>(() => OnlineRetailReader.Read("/no/such/year.csv")).Message.ShouldContain("/no/such/year.csv");

    internal static byte[] GeneratedYear(int lines, ulong seed = 1)
    {
        using var content = new MemoryStream();
        new RetailYearGenerator(seed, lines).Write(content);
        return content.ToArray();
    }
}
