using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

public sealed class LogTailTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [Seeds]
    public async Task Followers_at_any_place_read_from_it_what_the_log_holds(int seed)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var random = new Random(seed);
        string[][] types = [["counted"], ["renamed"], ["counted", "renamed"], ["anything"]];
        for (var round = 0; round < 30; round++)
        {
            // Now and then more than it holds.
            var count = round % 10 == 9 ? LogTail.Stretch * 3 / 2 : random.Next(1, 60);
            await database.Store.AppendAsync(
                $"s-{round}", ExpectedVersion.NoStream, [.. Enumerable.Range(0, count).Select(i => i % 3 == 0 ? (object)new Renamed("n") : new Counted(i))]);
            var mark = await database.Store.HighWater.ReadAsync();
            var after = random.Next(2) == 0 ? mark - count : random.NextInt64(0, mark);
            var range = new LogRange(after, random.Next(3) == 0 ? random.NextInt64(after + 1, mark + 1) : mark, random.Next(1, 100), types[random.Next(types.Length)]);
            var pages = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => database.Store.Tail.ReadLogAsync(range, CancellationToken.None))));
            var direct = await database.Store.Reader.ReadLogAsync(range);
            foreach (var page in pages)
            {
                page.ReadUpTo.ShouldBe(direct.ReadUpTo, $"{range}");
                page.Events.Select(@event => @event.Position).ShouldBe(direct.Events.Select(@event => @event.Position), $"{range}");
                page.Events.Select(@event => @event.Data).ShouldBe(direct.Events.Select(@event => @event.Data), $"{range}");
            }
        }
    }

    [Fact]
    public async Task What_could_not_be_read_is_read_afresh()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("s", ExpectedVersion.NoStream, [new Counted(), new Counted(2)]);
        await database.ExecuteAsync("update events.mt_events set data = '{\"by\": \"two\"}' where seq_id = 2");
        var range = new LogRange(0, await database.Store.HighWater.ReadAsync(), 10, ["counted"]);
        (await Should.ThrowAsync<UnreadableEventException>(() => database.Store.Tail.ReadLogAsync(range, CancellationToken.None))).Position.ShouldBe(2);
        await database.ExecuteAsync("update events.mt_events set data = '{\"by\": 3}' where seq_id = 2");
        (await database.Store.Tail.ReadLogAsync(range, CancellationToken.None)).Events[1].Data.ShouldBe(new Counted(3));
    }
}
