namespace EcommerceAI.Search.Tests;

/// <summary>What a search says when a leg fails, hangs or is not there.</summary>
public sealed class HybridFaultTests
{
    [Fact]
    public async Task Before_the_first_training_the_keyword_leg_answers_alone()
    {
        using var shop = new Shop();
        await shop.PutAsync(Documents.Titled("1", "lamp"));

        var page = await shop.SearchAsync("lamp");

        page.Hits.Single().Id.ShouldBe("1");
        page.Degraded.ShouldBe([new DegradedLeg("vector", "not trained yet")]);
    }

    [Fact]
    public async Task A_failing_leg_is_left_out_and_named()
    {
        using var shop = await TrainedAsync();
        shop.Vectors.BeforeSearch = _ => throw new InvalidOperationException("disk on fire");

        var page = await shop.SearchAsync("lamp");

        page.Hits.Select(h => h.Id).ShouldBe(["1", "2"]);
        page.Hits.ShouldAllBe(h => h.Vector == null);
        page.Degraded.ShouldBe([new DegradedLeg("vector", "InvalidOperationException: disk on fire")]);
    }

    [Fact]
    public async Task Without_the_keyword_leg_the_vectors_answer()
    {
        using var shop = await TrainedAsync();
        shop.Text.BeforeSearch = _ => throw new TimeoutException("its own");

        var page = await shop.SearchAsync("lamp");

        page.Hits[0].Id.ShouldBe("1");
        page.Hits.ShouldAllBe(h => h.Text == null && h.Vector != null);
        page.Degraded.Single().ShouldBe(new DegradedLeg("text", "TimeoutException: its own"));
    }

    [Fact]
    public async Task A_leg_that_hangs_is_left_out_at_the_deadline_even_if_it_ignores_its_cancellation()
    {
        using var shop = await TrainedAsync(new() { Deadline = TimeSpan.FromMilliseconds(300) });
        var release = new TaskCompletionSource();
        shop.Vectors.BeforeSearch = _ => release.Task;

        var page = await shop.SearchAsync("lamp", 1);

        page.Total.ShouldBe(2);
        page.Degraded.ShouldBe([new DegradedLeg("vector", "no answer within 300 ms")]);
        release.SetResult();
        // What was fused is what the next page belongs to, though the leg is back.
        (await shop.GoOnAsync(page.NextCursor.ShouldNotBeNull())).Degraded.ShouldBe(page.Degraded);
    }

    [Fact]
    public async Task A_leg_that_hangs_is_told_to_stop()
    {
        using var shop = await TrainedAsync(new() { Deadline = TimeSpan.FromMilliseconds(300) });
        var stopped = new TaskCompletionSource();
        shop.Vectors.BeforeSearch = async stop =>
        {
            using var registration = stop.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, stop);
        };

        await shop.SearchAsync("lamp");

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Where_both_legs_miss_the_deadline_the_first_answer_is_waited_for()
    {
        using var shop = await TrainedAsync(new() { Deadline = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromSeconds(30) });
        var hang = new TaskCompletionSource();
        shop.Vectors.BeforeSearch = _ => hang.Task;
        shop.Text.BeforeSearch = stop => Task.Delay(TimeSpan.FromMilliseconds(200), stop);

        var page = await shop.SearchAsync("lamp");

        page.Total.ShouldBe(2);
        page.Degraded.ShouldBe([new DegradedLeg("vector", "no answer within 50 ms")]);
        hang.SetResult();
    }

    [Fact]
    public async Task Where_both_legs_miss_the_deadline_and_one_then_fails_the_other_is_the_last_hope()
    {
        using var shop = await TrainedAsync(new() { Deadline = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromSeconds(30) });
        shop.Vectors.BeforeSearch = async stop =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
            throw new InvalidOperationException("down");
        };
        shop.Text.BeforeSearch = stop => Task.Delay(TimeSpan.FromMilliseconds(400), stop);

        var page = await shop.SearchAsync("lamp");

        page.Total.ShouldBe(2);
        page.Degraded.ShouldBe([new DegradedLeg("vector", "InvalidOperationException: down")]);
    }

    [Fact]
    public async Task Without_any_leg_the_search_is_refused_with_the_reasons()
    {
        using var shop = await TrainedAsync();
        shop.Text.BeforeSearch = _ => throw new InvalidOperationException("one");
        shop.Vectors.BeforeSearch = _ => throw new InvalidOperationException("two");

        var refusal = await shop.RefusalAsync(new() { Text = "lamp" });

        refusal.Code.ShouldBe(SearchRefusalCodes.Unavailable);
        refusal.Message.ShouldContain("one");
        refusal.Message.ShouldContain("two");
    }

    [Fact]
    public async Task A_caller_who_gives_up_gets_no_answer()
    {
        using var shop = await TrainedAsync();
        using var caller = new CancellationTokenSource();
        shop.Text.BeforeSearch = async _ =>
        {
            await caller.CancelAsync();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        };

        await Should.ThrowAsync<OperationCanceledException>(() => shop.Searcher.SearchAsync(new() { Text = "lamp" }, caller.Token));
    }

    private static async Task<Shop> TrainedAsync(HybridSearchOptions? options = null)
    {
        var shop = new Shop(options);
        await shop.PutAsync(Documents.Titled("1", "lamp"), Documents.Titled("2", "lamp shade"), Documents.Titled("3", "garden spade"));
        await shop.Index.TrainAsync();
        return shop;
    }
}
