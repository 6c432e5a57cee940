using System.Text.Json;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.Tests.Import;
using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.Tool;

public sealed class ListTests(ToolFixture tool) : IClassFixture<ToolFixture>
{
    [Fact]
    public async Task Streams_are_listed_in_pages_for_people_and_for_programs()
    {
        var page = await ToolFixture.RunAsync(tool.Shop, "streams", "--category", "product", "--order", "size", "--limit", "1");
        page.ExitCode.ShouldBe(0, page.ToString());
        page.Output.ShouldContain("product-A");
        page.Output.ShouldContain("2011-06-04 00:00:00Z");
        page.Output.ShouldNotContain("product-B");
        page.Errors.ShouldContain("--after '3,product-A'");

        var rest = await ToolFixture.LinesAsync(tool.Shop, "streams", "--category", "product", "--order", "size", "--after", "3,product-A");
        rest.Select(stream => Text(stream, "stream")).ShouldBe(["product-[C]", "product-B"], ignoreOrder: true);
        (await ToolFixture.RunAsync(tool.Shop, "streams", "--order", "size", "--after", "nonsense")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_is_shown_with_its_events()
    {
        var shown = await ToolFixture.JsonAsync(tool.Shop, 0, "streams", "show", "product-A", "--limit", "2");
        shown.GetProperty("stream").GetProperty("version").GetInt32().ShouldBe(3);
        shown.GetProperty("events").EnumerateArray().Select(e => Text(e, "type")).ShouldBe(["product_created", "product_price_changed"]);
        var missing = await ToolFixture.RunAsync(tool.Shop, "streams", "show", "product-none");
        (missing.ExitCode, missing.Errors.Trim()).ShouldBe((1, "There is no stream 'product-none'."));
    }

    [Fact]
    public async Task Text_from_data_is_neither_markup_nor_sent_to_the_terminal_as_control_characters()
    {
        var list = await ToolFixture.RunAsync(tool.Shop, "streams");
        list.Output.ShouldContain("product-[C]");
        var events = await ToolFixture.RunAsync(tool.Shop, "events", "--stream", "product-B");
        events.ExitCode.ShouldBe(0, events.ToString());
        events.Output.ShouldContain("[red]Tea[/]");
        events.Output.ShouldNotContain("\u001b");
        CommandLine.TextTable.Show("a\u001b[31m\n[b]").ShouldBe("a\\u001b[31m\\u000a[b]");
    }

    [Fact]
    public async Task Output_is_the_same_in_every_culture_and_without_colours()
    {
        string[] arguments = ["streams", "show", "product-A", "--connection", tool.Shop];
        using var german = ReplayProcess.Start(arguments, [("LC_ALL", "de_DE.UTF-8"), ("NO_COLOR", "1")]);
        using var plain = ReplayProcess.Start(arguments, [("LC_ALL", "C")]);
        (await german.WaitAsync()).Output.ShouldBe((await plain.WaitAsync()).Output);
    }

    [Fact]
    public async Task Events_are_found_by_type_category_moment_and_correlation()
    {
        async Task<long[]> Find(params string[] arguments) =>
            [.. (await ToolFixture.LinesAsync(tool.Shop, ["events", .. arguments])).Select(e => e.GetProperty("position").GetInt64())];
        (await Find("--type", "product_price_changed", "--newest")).ShouldBe([5, 3]);
        (await Find("--category", "product", "--from", "2011-06-02T00:00Z", "--to", "2011-06-04T00:00+00:00")).ShouldBe([2, 3, 4]);
        (await Find("--correlation", "two", "--after", "3")).ShouldBe([4]);
        (await Find("--causation", "cause-2", "--up-to", "3", "--archived", "no")).ShouldBe([3]);
    }

    [Theory]
    [InlineData("events", "--from", "2011-06-01")]
    [InlineData("events", "--limit", "0")]
    [InlineData("events", "--follow", "--newest")]
    [InlineData("streams", "--archived", "perhaps")]
    [InlineData("diff")]
    [InlineData("diff", "--category", "order", "--from", "v3")]
    [InlineData("archive", "--category", "order")]
    [InlineData("archive", "--category", "order", "--older-than", "soon")]
    [InlineData("import", "ndjson", "x", "--append", "--keep-positions")]
    public async Task Arguments_that_make_no_sense_end_with_code_2(params string[] arguments)
    {
        var errors = new StringWriter();
        var before = Console.Error;
        Console.SetError(errors);
        try
        {
            (await CommandLine.ReplayCommandLine.RunAsync(arguments)).ShouldBe(2);
        }
        finally
        {
            Console.SetError(before);
        }

        errors.ToString().ShouldContain("--help");
    }

    [Fact]
    public async Task Following_shows_the_last_events_and_then_each_that_comes_once()
    {
        var shop = await tool.CreateShopAsync();
        await using var store = await EventStore.OpenAsync(shop, ToolFixture.Types);
        using var tail = ReplayProcess.Start("events", "--follow", "--limit", "2", "--type", "product_price_changed", "--json", "--connection", shop);
        await UntilAsync(() => Positions(tail).Length == 2, tail);
        for (var i = 0; i < 5; i++)
        {
            await store.AppendAsync("product-B", ExpectedVersion.Any, [new ProductPriceChanged("B", ToolFixture.Price(i + 1))]);
            await store.AppendAsync($"product-D{i}", ExpectedVersion.Any, [new ProductCreated($"D{i}", "Dish", null)]);
        }

        await UntilAsync(() => Positions(tail).Length >= 7, tail);
        Positions(tail).ShouldBe([3, 5, 6, 8, 10, 12, 14]);
        await tail.KillAsync();
    }

    private static long[] Positions(ReplayProcess tail)
    {
        var output = tail.OutputSoFar;
        return [.. output[..(output.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("position").GetInt64())];
    }

    private static async Task UntilAsync(Func<bool> condition, ReplayProcess process)
    {
        var deadline = Environment.TickCount64 + 30_000;
        while (!condition())
        {
            if (process.HasExited || Environment.TickCount64 > deadline) throw new TimeoutException(process.OutputSoFar);
            await Task.Delay(10);
        }
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
