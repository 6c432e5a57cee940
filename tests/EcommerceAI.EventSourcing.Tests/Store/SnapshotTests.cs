using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

public sealed class SnapshotTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Rows = "select stream_id, version from bookkeeping.snapshots order by 1";

    [Theory]
    [Seeds]
    public async Task A_state_from_a_snapshot_is_what_a_fold_of_the_whole_stream_gives(int seed)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var random = new Random(seed);
        var snapshots = new Snapshots(database.Store, [SnapshotPolicy.For<Tally>(7)]);
        for (var step = 0; step < 60; step++)
        {
            object[] events = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(4) == 0 ? (object)new Renamed($"n\"{random.Next(9)}😀") : new Counted(random.Next(-5, 9)))];
            await database.Store.AppendAsync("count-1", ExpectedVersion.Any, events);
            if (random.Next(3) > 0) continue;
            var whole = await database.Store.LoadAsync("count-1", Tally.Initial, Tally.Evolve);
            var found = await snapshots.LoadAsync("count-1", Tally.Initial, Tally.Evolve);
            found.Version.ShouldBe(whole.Version, $"seed {seed}, step {step}");
            found.State.Text.ShouldBe(whole.State.Text, $"seed {seed}, step {step}");
        }

        (await database.LinesAsync(Rows)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_snapshot_is_written_every_so_many_events_and_only_what_came_since_is_folded()
    {
        await using var database = await FilledAsync(25);
        var snapshots = new Snapshots(database.Store, [SnapshotPolicy.For<Tally>(10)]);
        (await CountFoldsAsync(snapshots)).ShouldBe((25, 25));
        (await database.LinesAsync(Rows)).ShouldBe(["count-1 25"]);
        (await CountFoldsAsync(snapshots)).ShouldBe((0, 25));
        await database.Store.AppendAsync("count-1", ExpectedVersion.Any, [.. Enumerable.Repeat(new Counted(), 9)]);
        (await CountFoldsAsync(snapshots)).ShouldBe((9, 34));
        (await database.LinesAsync(Rows)).ShouldBe(["count-1 25"]);
        await database.Store.AppendAsync("count-1", ExpectedVersion.Any, [new Counted()]);
        (await CountFoldsAsync(snapshots)).ShouldBe((10, 35));
        (await database.LinesAsync(Rows)).ShouldBe(["count-1 35"]);
    }

    [Theory]
    [InlineData("update bookkeeping.snapshots set body = '[]'")]
    [InlineData("update bookkeeping.snapshots set body = '{\"total\": \"many\", \"names\": 1}'")]
    [InlineData("update bookkeeping.snapshots set shape = 'of an older build'")]
    [InlineData("update bookkeeping.snapshots set event_id = gen_random_uuid()")]
    [InlineData("update bookkeeping.snapshots set version = 99")]
    public async Task A_snapshot_that_is_stale_or_corrupt_is_passed_over_and_written_anew(string damage)
    {
        await using var database = await FilledAsync(12);
        var snapshots = new Snapshots(database.Store, [SnapshotPolicy.For<Tally>(10)]);
        await CountFoldsAsync(snapshots);
        await database.ExecuteAsync(damage);
        (await CountFoldsAsync(snapshots)).ShouldBe((12, 12));
        (await CountFoldsAsync(snapshots)).ShouldBe((0, 12));
    }

    [Fact]
    public async Task A_state_without_a_policy_or_one_that_does_not_come_back_gets_no_snapshot()
    {
        await using var database = await FilledAsync(12);
        await CountFoldsAsync(new Snapshots(database.Store, []));
        var lossy = await new Snapshots(database.Store, [SnapshotPolicy.For<Lossy>(1)])
            .LoadAsync("count-1", new Lossy(0), (state, data) => new Lossy(TestEvents.Count(state.Hidden, data)));
        lossy.State.Hidden.ShouldBe(12);
        (await database.LinesAsync(Rows)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_snapshots_of_an_archived_stream_are_gone_and_none_is_written_again()
    {
        await using var database = await FilledAsync(12);
        var snapshots = new Snapshots(database.Store, [SnapshotPolicy.For<Tally>(10)]);
        await CountFoldsAsync(snapshots);
        (await new StreamArchive(database.Store).ArchiveAsync("count-1", ExpectedVersion.Exactly(12))).ShouldBeOfType<ArchiveOutcome.Done>();
        (await CountFoldsAsync(snapshots)).ShouldBe((12, 12));
        (await database.LinesAsync(Rows)).ShouldBeEmpty();
    }

    [Fact]
    public void Types_that_differ_in_a_name_or_a_type_anywhere_below_differ_in_shape()
    {
        var shapes = new[] { typeof(Tally), typeof(Lossy), typeof(List<Tally>), typeof(Dictionary<string, Tally>), typeof(Dictionary<int, Tally>), typeof(StreamState<int>), typeof(StreamState<long>) }
            .Select(StateShape.Of).ToList();
        shapes.Distinct().Count().ShouldBe(shapes.Count);
        StateShape.Of(typeof(Tally)).ShouldBe(shapes[0]);
    }

    private static async Task<(int Folded, long Version)> CountFoldsAsync(Snapshots snapshots)
    {
        var folded = 0;
        var state = await snapshots.LoadAsync("count-1", Tally.Initial, (tally, data) =>
        {
            folded++;
            return Tally.Evolve(tally, data);
        });
        state.State.Total.ShouldBe((int)state.Version);
        return (folded, state.Version);
    }

    private async Task<TestDatabase> FilledAsync(int events)
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("count-1", ExpectedVersion.NoStream, [.. Enumerable.Repeat(new Counted(), events)]);
        return database;
    }

    private sealed record Tally(int Total, IReadOnlyList<string> Names)
    {
        public static Tally Initial { get; } = new(0, []);

        public string Text => $"{Total}: {string.Join(", ", Names)}";

        public static Tally Evolve(Tally tally, object data) => data switch
        {
            Counted counted => tally with { Total = tally.Total + counted.By },
            Renamed renamed => tally with { Names = [.. tally.Names, renamed.Name] },
            _ => tally,
        };
    }

    private sealed class Lossy(int hidden)
    {
        public string Shown { get; init; } = "x";

        internal int Hidden { get; } = hidden;
    }
}
