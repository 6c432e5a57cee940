using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

/// <summary>Appends to tables that another program made.</summary>
public sealed class LayoutAppendTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    public static TheoryData<string> Options { get; } = new(ForeignTables.Options.Keys);

    [Theory]
    [MemberData(nameof(Options))]
    public async Task Tables_made_and_filled_by_another_program_are_appended_to_in_every_option_of_the_layout(string option)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        await database.ExecuteAsync(ForeignTables.Options[option] + ForeignTables.Fill);
        await using var store = await database.OpenAsync();
        var metadata = new EventMetadata("conversation", "cause", new Dictionary<string, string>(StringComparer.Ordinal) { ["who"] = "me" });
        var moment = new DateTimeOffset(2011, 6, 1, 0, 0, 0, TimeSpan.Zero);
        (await store.AppendAsync(new AppendRequest(
        [
            new StreamAppend("count-1", ExpectedVersion.Exactly(2), [new NewEvent(new Counted(1)), new NewEvent(new Counted(2), Timestamp: moment)]),
            new StreamAppend("count-9", ExpectedVersion.NoStream, [new NewEvent(new Renamed("x"))]),
        ], metadata, TestEvents.Receipt("key")))).ShouldBeOfType<AppendResult.Appended>().Versions.ShouldBe([4, 1]);
        (await store.AppendAsync("count-2", ExpectedVersion.Exactly(1), [new Counted(3)])).ShouldBeOfType<AppendResult.Appended>().Versions.ShouldBe([2]);
        (await store.AppendAsync("count-3", ExpectedVersion.NoStream, [new Counted(3)])).ShouldBeOfType<AppendResult.Appended>();
        (await store.AppendAsync("count-1", ExpectedVersion.Exactly(2), [new Counted()])).ShouldBeOfType<AppendResult.VersionConflict>().Actual.ShouldBe(4);

        (await store.LoadAsync("count-1", 0, TestEvents.Count)).ShouldBe(new StreamState<int>(12, 4));
        var appended = await store.Reader.ReadStreamAsync("count-1", 3).ToListAsync();
        appended[1].Timestamp.ShouldBe(moment);
        var columns = await database.LinesAsync("select column_name from information_schema.columns where table_schema = 'events' and table_name = 'mt_events'");
        appended[0].Metadata.CorrelationId.ShouldBe(columns.Contains("correlation_id") ? "conversation" : null);
        appended[0].Metadata.CausationId.ShouldBe(columns.Contains("causation_id") ? "cause" : null);
        appended[0].Metadata.Headers?["who"].ShouldBe("me");
        (appended[0].Metadata.Headers is not null).ShouldBe(columns.Contains("headers"));
        if (columns.Contains("mt_dotnet_type"))
            (await database.LinesAsync("select distinct mt_dotnet_type from events.mt_events where stream_id = 'count-9'")).ShouldBe([$"{typeof(Renamed).FullName}, EcommerceAI.EventSourcing.Tests"]);
        if (columns.Contains("tenant_id")) (await database.LinesAsync("select distinct tenant_id from events.mt_events")).ShouldBe(["*DEFAULT*"]);
        (await database.ScalarAsync<long>("select count(*) from events.mt_events where is_archived is distinct from false")).ShouldBe(0);
        (await database.ScalarAsync<long>("select count(*) from bookkeeping.receipts where position > 0")).ShouldBe(1);
    }
}
