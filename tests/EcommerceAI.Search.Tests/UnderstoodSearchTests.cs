namespace EcommerceAI.Search.Tests;

/// <summary>What is understood of a query, as it shows in the answer.</summary>
public sealed class UnderstoodSearchTests
{
    [Theory]
    [InlineData(SearchLegs.Text)]
    [InlineData(SearchLegs.Vector)]
    [InlineData(SearchLegs.Both)]
    public async Task What_is_not_wanted_comes_by_no_leg_and_is_not_counted(SearchLegs legs)
    {
        using var shop = await FilledAsync();

        var page = await shop.SearchAsync(new SearchRequest { Text = "paper napkins not christmas", Legs = legs });

        page.Hits.ShouldNotBeEmpty();
        page.Hits.ShouldAllBe(h => h.Id != "3" && h.Id != "4");
        page.Total.ShouldBe(page.Hits.Count);
    }

    [Fact]
    public async Task The_answer_says_what_was_understood_on_each_page()
    {
        using var shop = await FilledAsync();

        var first = await shop.SearchAsync("paper napkns not christmas", 1);
        var next = await shop.GoOnAsync(first.NextCursor.ShouldNotBeNull());

        first.Understood.ShouldNotBeNull().CorrectedText.ShouldBe("paper napkins");
        first.Understood.Excluded.ShouldBe(["christmas"]);
        next.Understood.ShouldBe(first.Understood);
    }

    [Fact]
    public async Task A_misspelt_word_finds_what_the_word_does_and_the_same_first()
    {
        using var shop = await FilledAsync();

        var right = await shop.SearchAsync(new SearchRequest { Text = "chocolate box", Legs = SearchLegs.Text });
        var wrong = await shop.SearchAsync(new SearchRequest { Text = "choclate box", Legs = SearchLegs.Text });

        wrong.Hits.Select(h => h.Id).ShouldBe(right.Hits.Select(h => h.Id), ignoreOrder: true);
        wrong.Hits[0].Id.ShouldBe("6");
        right.Hits[0].Id.ShouldBe("6");
    }

    [Fact]
    public async Task Only_the_legs_that_are_asked_answer()
    {
        using var shop = await FilledAsync();

        (await shop.SearchAsync(new SearchRequest { Text = "paper napkins", Legs = SearchLegs.Text })).Hits.ShouldAllBe(h => h.Vector == null && h.Text != null);
        (await shop.SearchAsync(new SearchRequest { Text = "paper napkins", Legs = SearchLegs.Vector })).Hits.ShouldAllBe(h => h.Text == null && h.Vector != null);
        (await shop.SearchAsync(new SearchRequest { Text = "paper napkins", Legs = SearchLegs.None })).Total.ShouldBe(0);
    }

    [Fact]
    public async Task A_word_that_came_after_the_learning_is_found_as_it_is_typed()
    {
        using var shop = await FilledAsync();
        await shop.PutAsync(Documents.Titled("9", "zyzzyva"));

        (await shop.SearchAsync("zyzzyva")).Hits[0].Id.ShouldBe("9");
    }

    private static async Task<Shop> FilledAsync()
    {
        var shop = new Shop();
        await shop.PutAsync(
            Documents.Titled("1", "paper napkins roses"), Documents.Titled("2", "paper napkins spots"), Documents.Titled("3", "paper napkins christmas"),
            Documents.Titled("4", "christmas napkins"), Documents.Titled("5", "paper chain"), Documents.Titled("6", "chocolate box"),
            Documents.Titled("7", "chocolate tin"), Documents.Titled("8", "tool box"));
        await shop.Index.TrainAsync();
        return shop;
    }
}
