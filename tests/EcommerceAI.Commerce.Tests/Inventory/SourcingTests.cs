using System.Globalization;
using System.Text.RegularExpressions;
using EcommerceAI.Commerce.Inventory;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Inventory;

public sealed class SourcingTests
{
    public static TheoryData<string> Cases => [.. SourcingTable.Cases.Select(row => $"{row[0]} {row[1]}")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_order_leaves_from_where_the_table_says(string name)
    {
        var row = SourcingTable.Cases.Single(row => $"{row[0]} {row[1]}" == name);
        var plan = Sourcing.Plan(SourcingTable.RequestOf(row));
        $"{SourcingTable.Describe(plan)} | {plan.Cost} | {plan.Distance}".ShouldBe($"{row[5]} | {row[6]} | {row[7]}");
    }

    [Fact]
    public void The_table_has_at_least_forty_cases_each_its_own() =>
        SourcingTable.Cases.Select(row => string.Join('|', row[2..5])).Distinct().Count().ShouldBeGreaterThanOrEqualTo(40);

    [Fact]
    public void A_hundred_places_and_fifty_lines_are_planned_without_trying_every_set()
    {
        SourcingLine[] lines = [.. Enumerable.Range(0, 50).Select(n => new SourcingLine($"l{n}", $"S{n}", 3))];
        SourcingPlace[] places = [.. Enumerable.Range(0, 100).Select(n => new SourcingPlace($"p{n:00}", n, 300 + n))];
        // Each product at two places; ten places together have all of them.
        SourcingStock[] stock =
            [.. lines.SelectMany((line, n) => (SourcingStock[])[new($"p{n % 10:00}", line.Sku, 3), new($"p{50 + n}", line.Sku, 3)])];
        var plan = Sourcing.Plan(new SourcingRequest(lines, places, stock));
        plan.Missing.ShouldBeEmpty();
        plan.Parcels.Select(parcel => parcel.Location).ShouldBe(Enumerable.Range(0, 10).Select(n => $"p{n:00}"));
    }

    [Fact]
    public void No_plan_takes_more_than_there_is_or_sends_more_than_was_ordered()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var request = RandomRequest(random);
            var plan = Sourcing.Plan(request);
            foreach (var line in request.Lines)
            {
                var sent = plan.Parcels.SelectMany(parcel => parcel.Lines).Concat(plan.Missing).Where(one => one.LineId == line.LineId).Sum(one => one.Quantity);
                sent.ShouldBe(line.Quantity, $"seed {seed}");
            }

            foreach (var parcel in plan.Parcels)
            {
                foreach (var units in parcel.Lines.GroupBy(line => line.Sku))
                {
                    var stock = request.Stock.Single(stock => stock.Location == parcel.Location && stock.Sku == units.Key);
                    units.Sum(line => line.Quantity).ShouldBeLessThanOrEqualTo((int)(parcel.IsBackorder ? stock.BackorderLimit : stock.Available), $"seed {seed}");
                }
            }

            if (!request.Split) plan.Parcels.Select(parcel => parcel.Location).Distinct().Count().ShouldBeLessThanOrEqualTo(1, $"seed {seed}");
            if (!request.Backorder) plan.Backordered.ShouldBe(0, $"seed {seed}");
            if (request.Split)
                plan.MissingUnits.ShouldBe(LeastMissing(request), $"seed {seed}");
        }
    }

    [Fact]
    public void A_request_that_makes_no_sense_is_refused_and_says_why()
    {
        SourcingPlace[] leeds = [new("leeds")];
        Refusal(new([new("1", "TEA", 0)], leeds, [])).ShouldContain("Line 1 asks for less than one unit.");
        Refusal(new([new("1", "TEA", 1), new("1", "MUG", 1)], leeds, [])).ShouldContain("Line 1 is named twice.");
        Refusal(new([], [new("leeds", -1)], [])).ShouldContain("Distance and costs of leeds must be 0 or more.");
        Refusal(new([], [.. leeds, .. leeds], [])).ShouldContain("leeds is named twice.");
        Refusal(new([], leeds, [new("leeds", "TEA", 1), new("leeds", "TEA", 2)])).ShouldContain("TEA at leeds is named twice.");
    }

    private static string Refusal(SourcingRequest request) => Should.Throw<ArgumentException>(() => Sourcing.Plan(request)).Message;

    private static long LeastMissing(SourcingRequest request) => request.Lines.GroupBy(line => line.Sku).Sum(lines => Math.Max(
        0,
        lines.Sum(line => line.Quantity)
        - request.Stock.Where(stock => stock.Sku == lines.Key).Sum(stock => stock.Available + (request.Backorder ? stock.BackorderLimit : 0))));

    private static SourcingRequest RandomRequest(Random random)
    {
        string[] skus = ["TEA", "MUG", "CUP"];
        SourcingPlace[] places =
            [.. Enumerable.Range(0, random.Next(1, 7)).Select(n => new SourcingPlace($"p{n}", random.Next(100), random.Next(500), random.Next(20)))];
        return new SourcingRequest(
            [.. Enumerable.Range(0, random.Next(1, 5)).Select(n => new SourcingLine($"l{n}", skus[random.Next(3)], random.Next(1, 6)))],
            places,
            [.. places.SelectMany(place => skus.Select(sku => new SourcingStock(place.Location, sku, random.Next(5), random.Next(3))))],
            random.Next(3) > 0, random.Next(2) > 0, (SourcingPreference)random.Next(3));
    }
}

/// <summary>Reads sourcing.md, and writes plans as it does.</summary>
internal static partial class SourcingTable
{
    private static readonly string[][] Rows =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Inventory", "sourcing.md"))
            .Where(line => line.StartsWith('|') && !line.StartsWith("|--", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
    ];

    public static IReadOnlyList<string[]> Cases { get; } = [.. Rows.Where(row => row.Length == 8 && row[0] != "#")];

    public static SourcingRequest RequestOf(string[] row)
    {
        var rules = row[4].Split(", ", StringSplitOptions.RemoveEmptyEntries);
        rules.ShouldAllBe(rule => KnownRule().IsMatch(rule));
        var channel = rules.FirstOrDefault(rule => rule.StartsWith("for ", StringComparison.Ordinal))?[4..];
        var today = rules.FirstOrDefault(rule => rule.StartsWith("on ", StringComparison.Ordinal)) is { } day ? Day(day[3..]) : new DateOnly(2026, 11, 22);
        return new SourcingRequest(
            [.. Units(row[2]).Select((line, n) => new SourcingLine($"{n}", line.Sku, line.Quantity))],
            Places(),
            [.. row[3].Split("; ").SelectMany(StocksOf).Select(stock => SourcingStock.Of(stock, channel, today))],
            !rules.Contains("no split"),
            rules.Contains("backorder"),
            rules.Contains("lowest cost") ? SourcingPreference.LowestCost
                : rules.Contains("shortest way") ? SourcingPreference.ShortestWay : SourcingPreference.FewestParcels);
    }

    public static string Describe(SourcingPlan plan) => string.Join(
        "; ",
        plan.Parcels.Select(parcel => $"{parcel.Location} {Describe(parcel.Lines)}{(parcel.IsBackorder ? $" by {parcel.ExpectedOn:yyyy-MM-dd}" : "")}")
            .Concat(plan.Missing.Count > 0 ? [$"missing {Describe(plan.Missing)}"] : []));

    private static string Describe(IEnumerable<SourcingLine> lines) => string.Join(", ", lines.Select(line => $"{line.Quantity} {line.Sku}"));

    private static SourcingPlace[] Places() =>
    [
        .. Rows.Where(row => row.Length == 4 && row[0] != "Place")
            .Select(row => new SourcingPlace(row[0], Number(row[1]), Number(row[2]), Number(row[3]))),
    ];

    /// <summary>What a place has: <c>leeds 5 TEA (held 3, web 1), 2 MUG</c>.</summary>
    private static IEnumerable<Stock> StocksOf(string text)
    {
        var place = text[..text.IndexOf(' ', StringComparison.Ordinal)];
        foreach (Match match in StockEntry().Matches(text[place.Length..]))
        {
            var stock = new Stock(match.Groups["sku"].Value, place, Number(match.Groups["units"].Value));
            foreach (var note in match.Groups["notes"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries)) stock = With(stock, note.Split(' '));
            yield return stock;
        }
    }

    private static Stock With(Stock stock, string[] note) => (note[0], Number(note[1])) switch
    {
        ("held", var units) => stock with { Held = units },
        ("allocated", var units) => stock with { Allocated = units },
        ("safety", var units) => stock with { Terms = stock.Terms with { SafetyStock = units } },
        ("backorder", var units) => stock with
        {
            Terms = stock.Terms with { Policy = BackorderPolicy.Backorder, Limit = units, Date = note.Length > 3 ? Day(note[3]) : null },
        },
        ("pre-order", var units) => stock with { Terms = stock.Terms with { Policy = BackorderPolicy.PreOrder, Limit = units, Date = Day(note[3]) } },
        (var channel, var units) => stock with { Shares = stock.Shares.Add(channel, units), SetAside = stock.SetAside + units },
    };

    private static IEnumerable<(int Quantity, string Sku)> Units(string text) =>
        text.Split(", ").Select(line => line.Split(' ')).Select(line => (Number(line[0]), line[1]));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    [GeneratedRegex(@" (?<units>-?\d+) (?<sku>[A-Z]+)( \((?<notes>[^)]*)\))?", RegexOptions.ExplicitCapture)]
    private static partial Regex StockEntry();

    [GeneratedRegex("^(no split|backorder|lowest cost|shortest way|for [a-z]+|on [0-9-]+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex KnownRule();
}
