using System.Security.Cryptography;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Replay.OnlineRetail;
using EcommerceAI.Replay.OnlineRetail.Generation;
using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.OnlineRetail;

public sealed class RetailYearGeneratorTests
{
    [Fact]
    public void A_seed_gives_the_same_bytes_on_every_machine() =>
        Convert.ToHexStringLower(SHA256.HashData(BrokenFileTests.GeneratedYear(10_000, seed: 7)))
            .ShouldBe("6e52c76fa3febe0d531d5678a108e3789cd302f2f442df91b6b98373688f7b83");

    [Fact]
    public void Another_seed_is_another_year() =>
        BrokenFileTests.GeneratedYear(500, seed: 1).ShouldNotBe(BrokenFileTests.GeneratedYear(500, seed: 2));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 365)]
    [InlineData(3, 1_000)]
    [InlineData(4, 30_000)]
    public void A_generated_year_has_the_lines_asked_for_and_none_is_rejected(ulong seed, int lines)
    {
        var plan = ImportPlan.Create(RetailCsv.ReadBytes(BrokenFileTests.GeneratedYear(lines, seed)));
        plan.Reconciliation.FileLines.ShouldBe(lines);
        plan.RejectedLines.ShouldBeEmpty();
        plan.Reconciliation.IsBalanced.ShouldBeTrue();
        PlanInvariants.Check(plan);
        PlanInvariants.CheckBooked(plan);
    }

    [Fact]
    public void A_generated_year_has_every_kind_of_line_price_changes_and_a_november_ahead_of_february()
    {
        var file = RetailCsv.ReadBytes(BrokenFileTests.GeneratedYear(60_000));
        var plan = ImportPlan.Create(file);
        plan.Reconciliation.Rows.Where(row => row.Kind != LineKind.Rejected).ShouldAllBe(row => row.Lines > 0);
        plan.Events<ProductPriceChanged>().ShouldNotBeEmpty();
        plan.Events<ProductCreated>().Select(product => product.Title).ShouldBeUnique();
        file.Lines.Count(line => line.LocalTime.Month == 11).ShouldBeGreaterThan(2 * file.Lines.Count(line => line.LocalTime.Month == 2));
        file.Lines.ShouldAllBe(line => line.LocalTime.DayOfWeek != DayOfWeek.Saturday);
        file.Lines.Select(line => line.Country).Distinct().Count().ShouldBeGreaterThan(3);
        var bySku = file.Lines.GroupBy(line => line.StockCode).Select(group => group.Count()).OrderDescending().ToList();
        bySku.Take(bySku.Count / 10).Sum().ShouldBeGreaterThan(file.Lines.Length / 3);
    }

    [Theory]
    [InlineData("year.csv")]
    [InlineData("year.csv.gz")]
    public void A_year_is_written_to_a_file_plain_or_packed(string name)
    {
        var folder = Directory.CreateTempSubdirectory("retail-");
        try
        {
            var path = Path.Combine(folder.FullName, name);
            new RetailYearGenerator(seed: 5, lines: 800).WriteFile(path);
            folder.GetFiles().ShouldHaveSingleItem();
            OnlineRetailReader.Read(path).ContentHash
                .ShouldBe(Convert.ToHexStringLower(SHA256.HashData(BrokenFileTests.GeneratedYear(800, seed: 5))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_year_without_lines_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RetailYearGenerator(1, 0)).ParamName.ShouldBe("lines");
}
