namespace EcommerceAI.Search.Tests;

public sealed class HybridIndexTests
{
    [Fact]
    public async Task A_document_written_after_the_training_is_found_by_both_legs_at_once()
    {
        using var shop = new Shop();
        await shop.PutAsync(Documents.Titled("1", "garden lamp"), Documents.Titled("2", "garden spade"));
        await shop.Index.TrainAsync();
        await shop.PutAsync(Documents.Titled("3", "lamp of glass"));

        var hit = (await shop.SearchAsync("lamp glass")).Hits[0];

        hit.Id.ShouldBe("3");
        hit.Text.ShouldNotBeNull();
        hit.Vector.ShouldNotBeNull();
        shop.Index.WritesSinceTraining.ShouldBe(1);
    }

    [Fact]
    public async Task What_the_text_index_refuses_does_not_reach_the_vectors()
    {
        using var shop = new Shop();
        await shop.PutAsync(Documents.Titled("1", "lamp", 5), Documents.Titled("2", "lamp", 5));
        await shop.Index.WriteAsync([DocumentWrite.Delete("1", 6)]);
        await shop.Index.TrainAsync();

        var results = await shop.Index.WriteAsync([DocumentWrite.Upsert(Documents.Titled("1", "lamp", 5))]);

        results.Single().Status.ShouldBe(WriteStatus.Stale);
        (await shop.Vectors.CountAsync()).ShouldBe(1);
        (await shop.SearchAsync("lamp")).Hits.Select(h => h.Id).ShouldBe(["2"]);
    }

    [Fact]
    public async Task No_write_is_lost_over_a_training()
    {
        using var shop = new Shop();
        var random = new Random(2);
        await shop.PutAsync([.. Enumerable.Range(0, 300).Select(i => Documents.Random(random, i, 1))]);
        var held = Enumerable.Range(0, 300).ToDictionary(i => $"d{i:000}", _ => true);
        var done = false;
        var trainings = Task.Run(async () =>
        {
            for (var i = 0; i < 3; i++) await shop.Index.TrainAsync();
            Volatile.Write(ref done, true);
        });
        var version = 1;
        while (!Volatile.Read(ref done))
        {
            version++;
            var document = Documents.Random(random, random.Next(400), version);
            var delete = random.Next(2) == 0;
            await shop.Index.WriteAsync([delete ? DocumentWrite.Delete(document.Id, version) : DocumentWrite.Upsert(document)]);
            held[document.Id] = !delete;
        }
        await trainings;

        var live = held.Count(h => h.Value);
        (await shop.Text.CountAsync()).ShouldBe(live);
        (await shop.Vectors.CountAsync()).ShouldBe(live);
    }

    [Fact]
    public async Task Searches_go_on_during_a_training()
    {
        using var shop = new Shop();
        var random = new Random(2);
        await shop.PutAsync([.. Enumerable.Range(0, 500).Select(i => Documents.Random(random, i, 1)), Documents.Titled("x", "zzyzx")]);
        await shop.Index.TrainAsync();
        var training = shop.Index.TrainAsync();

        var searches = 0;
        while (!training.IsCompleted || searches == 0)
        {
            var page = await shop.SearchAsync("zzyzx");
            page.Degraded.ShouldBeEmpty();
            page.Hits[0].Id.ShouldBe("x");
            searches++;
        }
        await training;
    }

    [Fact]
    public async Task An_empty_index_can_be_trained_and_searched()
    {
        using var shop = new Shop();
        await shop.Index.TrainAsync();

        (await shop.SearchAsync("lamp")).Total.ShouldBe(0);
    }
}
