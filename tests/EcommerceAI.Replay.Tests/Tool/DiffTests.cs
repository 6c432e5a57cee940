using System.Text.Json.Nodes;
using EcommerceAI.Replay.Diff;
using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.Tool;

public sealed class DiffTests(ToolFixture tool) : IClassFixture<ToolFixture>
{
    [Theory]
    [InlineData("""{"a":1,"b":[1,2]}""", """{"a":1,"b":[1,2]}""", "")]
    [InlineData("""{"a":1}""", """{"a":1.0}""", "")]
    [InlineData("""{"a":1,"b":2}""", """{"b":3,"c":null}""", "remove /a; replace /b; add /c")]
    [InlineData("""{"x":{"a/b":1,"c~d":[1,2,3]}}""", """{"x":{"a/b":2,"c~d":[1,9]}}""", "replace /x/a~1b; replace /x/c~0d/1; remove /x/c~0d/2")]
    [InlineData("""[1]""", """{"a":1}""", "replace ")]
    [InlineData("""{"a":null}""", """{"a":{}}""", "replace /a")]
    public void Two_documents_differ_at_the_deepest_places_that_hold_the_difference(string from, string to, string expected) =>
        string.Join("; ", JsonDifference.Between(JsonNode.Parse(from), JsonNode.Parse(to)).Select(d => $"{d.Op} {d.Path}")).ShouldBe(expected);

    [Fact]
    public async Task A_stream_differs_between_two_points_by_what_the_events_between_them_did()
    {
        var diff = await ToolFixture.JsonAsync(tool.Shop, 0, "diff", "product-A", "--from", "2011-06-01T12:00Z", "--to", "v3");
        diff.GetProperty("from").GetProperty("version").GetInt32().ShouldBe(1);
        diff.GetProperty("to").GetProperty("position").GetInt32().ShouldBe(5);
        diff.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("version").GetInt32()).ShouldBe([2, 3]);
        var change = diff.GetProperty("changes").EnumerateArray().ShouldHaveSingleItem();
        change.GetProperty("op").GetString().ShouldBe("replace");
        change.GetProperty("path").GetString()!.ShouldStartWith("/price");
        (change.GetProperty("from").GetDecimal(), change.GetProperty("to").GetDecimal()).ShouldBe((1.00m, 0.90m));
    }

    [Fact]
    public async Task Without_points_it_is_everything_and_points_the_wrong_way_round_are_refused()
    {
        var all = await ToolFixture.RunAsync(tool.Shop, "diff", "product-A");
        all.ExitCode.ShouldBe(0, all.ToString());
        all.Output.ShouldContain("/title");
        all.Output.ShouldContain("add");
        var wrong = await ToolFixture.RunAsync(tool.Shop, "diff", "product-A", "--from", "v3", "--to", "#1");
        (wrong.ExitCode, wrong.Errors.Contains("--to lies before --from")).ShouldBe((1, true));
    }

    [Fact]
    public async Task The_streams_of_a_category_that_changed_between_two_moments_are_told_with_how_much()
    {
        var diff = await ToolFixture.JsonAsync(tool.Shop, 0, "diff", "--category", "product", "--from", "2011-06-02T00:00Z", "--to", "2011-06-04T00:00Z");
        (diff.GetProperty("streams").GetInt32(), diff.GetProperty("events").GetInt32()).ShouldBe((2, 3));
        diff.GetProperty("changed").EnumerateArray()
            .Select(c => $"{c.GetProperty("streamId")} {c.GetProperty("events")} {c.GetProperty("firstVersion")}-{c.GetProperty("lastVersion")}")
            .ShouldBe(["product-A 2 2-3", "product-[C] 1 1-1"]);
        (await ToolFixture.JsonAsync(tool.Shop, 0, "diff", "--category", "product", "--from", "#4")).GetProperty("events").GetInt32().ShouldBe(1);
    }
}
