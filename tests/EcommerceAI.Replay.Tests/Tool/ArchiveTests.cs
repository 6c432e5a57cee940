using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.Tool;

public sealed class ArchiveTests(ToolFixture tool) : IClassFixture<ToolFixture>
{
    [Fact]
    public async Task Streams_are_archived_by_name_or_by_age_and_brought_back()
    {
        var shop = await tool.CreateShopAsync();
        await ToolFixture.ExecuteAsync(shop, "update events.mt_streams set timestamp = now() where id = 'product-A'");
        var old = await ToolFixture.RunAsync(shop, "archive", "--category", "product", "--older-than", "30d");
        (old.ExitCode, old.Output.Trim()).ShouldBe((0, "2 streams archived, 0 were so before, 0 could not be."));
        (await ToolFixture.LinesAsync(shop, "streams", "--archived", "yes")).Select(s => s.GetProperty("stream").GetString())
            .ShouldBe(["product-B", "product-[C]"], ignoreOrder: true);

        var named = await ToolFixture.RunAsync(shop, "archive", "product-A", "product-B", "product-none");
        named.ExitCode.ShouldBe(1);
        named.Output.Trim().ShouldBe("1 streams archived, 1 were so before, 1 could not be.");
        named.Errors.ShouldContain("product-none: there is no such stream");
        (await ToolFixture.LinesAsync(shop, "unarchive", "product-[C]")).ShouldHaveSingleItem().GetProperty("outcome").GetString().ShouldBe("Done");
    }

    [Fact]
    public async Task A_stream_that_a_projection_has_not_read_is_refused_by_that_projections_name()
    {
        var shop = await tool.CreateShopAsync();
        await ToolFixture.RunAsync(shop, "rebuild", "storefront_stock");
        await ToolFixture.ExecuteAsync(shop, "update bookkeeping.generations set checkpoint = 4");
        var refused = await ToolFixture.RunAsync(shop, "archive", "product-A", "product-B");
        refused.ExitCode.ShouldBe(1);
        refused.Errors.Trim().ShouldBe("product-A: the projection storefront_stock has read up to 4 and not yet its last event, at 5");
    }
}
