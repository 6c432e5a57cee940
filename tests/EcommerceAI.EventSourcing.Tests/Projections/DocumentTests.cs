using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Projections.Documents;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Projections;

public sealed class DocumentTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Start = new(2011, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task One_definition_gives_the_same_document_followed_rebuilt_inline_and_live()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (store, tallies) = (database.Store, new TallyProjection());
        var queries = new DocumentQueries<Tally>(new ReadModels(store.Source), tallies);
        await store.AppendAsync("a", ExpectedVersion.NoStream, [new Counted(3), new Anything(), new Renamed("first")]);
        await FollowAsync(store, tallies);
        await store.AppendAsync("a", ExpectedVersion.Any, [new Counted(4)]);
        await FollowAsync(store, tallies);
        var followed = await queries.FindAsync("a");
        followed.Position.ShouldBe(4);
        var expected = new Document<Tally>("a", 4, 4, new Tally("a", 7, "first", [1, 3, 4]));
        followed.Value.ShouldBeAsJson(expected);
        (await tallies.LoadAsync(store, "a")).ShouldBeAsJson(expected);

        await new ProjectionRebuild(store).RunAsync(tallies);
        (await queries.FindAsync("a")).Value.ShouldBeAsJson(expected);

        // As an append does that applies its own events before it commits.
        await store.AppendAsync("a", ExpectedVersion.Any, [new Counted(5)]);
        var live = await new Generations(store.Source).EnsureLiveAsync(tallies);
        await using (var connection = await store.Source.OpenConnectionAsync())
        {
            var last = await store.Reader.ReadStreamAsync("a", 5).ToListAsync();
            await tallies.ApplyAsync(new ProjectionBatch(connection, live.Schema, last), CancellationToken.None);
        }

        (await queries.FindAsync("a")).Value.ShouldBeAsJson(new Document<Tally>("a", 5, 5, new Tally("a", 12, "first", [1, 3, 4, 5])));
    }

    [Fact]
    public async Task A_live_document_stands_as_of_any_version_position_and_moment()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (store, tallies) = (database.Store, new TallyProjection());
        for (var day = 0; day < 4; day++)
        {
            await store.AppendAsync(TestEvents.Request("a", new NewEvent(new Counted(1 << day), null, Start.AddDays(day))));
            await store.AppendAsync("noise", ExpectedVersion.Any, [new Counted()]);
        }

        (await tallies.LoadAsync(store, "a", new StreamPoint.AtVersion(2)))!.Value.Total.ShouldBe(3);
        (await tallies.LoadAsync(store, "a", new StreamPoint.AtPosition(5)))!.Value.Total.ShouldBe(7);
        (await tallies.LoadAsync(store, "a", new StreamPoint.AtMoment(Start.AddDays(1))))!.Value.Total.ShouldBe(3);
        (await tallies.LoadAsync(store, "a", new StreamPoint.AtVersion(0))).ShouldBeNull();
        (await tallies.LoadAsync(store, "not there")).ShouldBeNull();
        await store.AppendAsync("a", ExpectedVersion.Any, [new Renamed("deleted")]);
        (await tallies.LoadAsync(store, "a")).ShouldBeNull();
    }

    [Fact]
    public async Task A_deleted_document_is_gone_and_a_later_event_begins_it_anew()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (store, tallies) = (database.Store, new TallyProjection());
        var queries = new DocumentQueries<Tally>(new ReadModels(store.Source), tallies);
        foreach (var batches in new[] { false, true })
        {
            var id = $"a{batches}";
            foreach (var @event in new object[] { new Counted(3), new Renamed("deleted"), new Counted(4) })
            {
                await store.AppendAsync(id, ExpectedVersion.Any, [@event]);
                if (!batches) continue;
                await FollowAsync(store, tallies);
                ((await queries.FindAsync(id)).Value is null).ShouldBe(@event is Renamed);
            }

            await FollowAsync(store, tallies);
            var document = (await queries.FindAsync(id)).Value!;
            (document.Version, document.Value.Total, document.Value.Positions.Count).ShouldBe((3, 4, 1));
        }
    }

    [Fact]
    public async Task An_event_goes_into_none_one_or_several_documents_and_once_into_each()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (store, sums) = (database.Store, new MarkSumProjection());
        var queries = new DocumentQueries<MarkSum>(new ReadModels(store.Source), sums);
        await store.AppendAsync("a", ExpectedVersion.Any, [new Counted(1), new Counted(2, "x"), new Counted(4, "x y x")]);
        await store.AppendAsync("b", ExpectedVersion.Any, [new Counted(8, "y")]);
        await FollowAsync(store, sums);
        var all = (await queries.ListAsync()).Value.Items;
        all.ShouldBeAsJson(new List<Document<MarkSum>>
        {
            new("x", 2, 3, new MarkSum(6, ["a"])), new("y", 2, 4, new MarkSum(12, ["a", "b"])),
        });
        (await queries.WhereAsync("(data ->> 'total')::bigint > $1 order by id", 6L)).Value.Select(document => document.Id).ShouldBe(["y"]);
        (await sums.FoldAsync("y", store.ReadAllAsync(0))).ShouldBeAsJson(all[1]);
        (await sums.FoldAsync("z", store.ReadAllAsync(0))).ShouldBeNull();

        await store.AppendAsync("c", ExpectedVersion.Any, [new Counted(1, "")]);
        (await Should.ThrowAsync<InvalidOperationException>(() => FollowAsync(store, sums))).Message.ShouldContain("'counted' at position 5");
    }

    [Fact]
    public async Task A_list_is_paged_by_id_without_repeat_or_loss_while_documents_come_and_go()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (store, tallies) = (database.Store, new TallyProjection());
        var queries = new DocumentQueries<Tally>(new ReadModels(store.Source), tallies);
        string[] ids = [.. Enumerable.Range(0, 25).Select(i => $"s-{i:D2}"), "S-b", "ä", "z"];
        foreach (var id in ids) await store.AppendAsync(id, ExpectedVersion.Any, [new Counted()]);
        await FollowAsync(store, tallies);
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = (await queries.ListAsync(after, 10)).Value;
            page.Items.Count.ShouldBeLessThanOrEqualTo(10);
            seen.AddRange(page.Items.Select(document => document.Id));
            after = page.Next;
            // One that was read goes.
            await store.AppendAsync(seen[^1], ExpectedVersion.Any, [new Renamed("deleted")]);
            await FollowAsync(store, tallies);
        }
        while (after is not null);
        seen.ShouldBe(ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_batch_writes_its_documents_in_one_statement_and_deletes_in_another()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (store, tallies) = (database.Store, new TallyProjection());
        await RandomLog.AppendAsync(store, 1, 600, 100);
        var generations = new Generations(store.Source);
        var live = (await new ProjectionRunner(store, tallies).RunAsync(await generations.EnsureLiveAsync(tallies), 300))!;
        await database.ExecuteAsync(
            $"""
             create table public.written (what text);
             create function public.note() returns trigger language plpgsql as $$ begin insert into public.written values (tg_op); return null; end $$;
             create trigger note after insert or update or delete on {live.Schema}.documents for each statement execute function public.note();
             """);
        await new ProjectionRunner(store, tallies).RunAsync(live, 600);
        // An upsert counts as an insert and an update.
        (await database.LinesAsync("select what from public.written order by 1")).ShouldBe(["DELETE", "INSERT", "UPDATE"]);
        (await database.ScalarAsync<long>($"select count(*) from {live.Schema}.documents")).ShouldBeInRange(50, 100);
    }

    internal static async Task FollowAsync(EventStore store, IProjection projection, int batchSize = ProjectionRunner.DefaultBatchSize)
    {
        var live = await new Generations(store.Source).EnsureLiveAsync(projection);
        await new ProjectionRunner(store, projection, batchSize).RunAsync(live, await store.HighWater.ReadAsync());
    }
}
