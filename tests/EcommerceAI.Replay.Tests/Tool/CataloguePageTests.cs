using EcommerceAI.Commerce;
using EcommerceAI.Replay.Catalogue;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.Tool;

public sealed class CataloguePageTests
{
    [Fact]
    public void The_page_in_the_checkout_is_the_one_that_the_code_writes() =>
        (File.ReadAllText(RepositoryRoot.Combine("docs", "events.md")) == CataloguePage.Write())
            .ShouldBeTrue("docs/events.md is not up to date: ./scripts/ecommerce-ai catalogue > docs/events.md");

    [Fact]
    public void Every_event_stands_there_and_says_what_happened()
    {
        var lines = CataloguePage.Write().Split('\n');
        foreach (var name in BoundedContext.Scan().SelectMany(context => context.EventNames.Keys))
            lines.Single(line => line.StartsWith($"| `{name}` | ", StringComparison.Ordinal)).Split(" | ")[1].Trim().ShouldNotBeEmpty(name);
    }
}
