using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Tests.Privacy;

public sealed record MemberNote(string Text, int Stars = 0);

/// <summary>A required and an optional personal text, and one in a list.</summary>
public sealed record MemberJoined(string MemberId, string Name, string? Mail = null, List<MemberNote>? Notes = null);

/// <summary>An invoice is kept ten years, whoever is forgotten.</summary>
public sealed record MemberBilled(string MemberId, string Addressee, long Amount);

public sealed record MemberLeft(string MemberId);

internal static class MemberEvents
{
    public static EventTypes Types { get; } = new(
        new Dictionary<string, Type>(StringComparer.Ordinal)
        {
            ["member_joined"] = typeof(MemberJoined),
            ["member_billed"] = typeof(MemberBilled),
            ["member_left"] = typeof(MemberLeft),
            ["counted"] = typeof(Counted),
        },
        personal:
        [
            ("member_joined", "name", "member", "memberId", null),
            ("member_joined", "mail", "member", "memberId", null),
            ("member_joined", "notes[].text", "member", "memberId", null),
            ("member_billed", "addressee", "member", "memberId", ("invoice", 10)),
        ],
        forgetting: [("member_left", "member", "memberId")]);

    public static MemberJoined Ada { get; } = new("m1", "Ada Lövelace", "ada@example.org", [new("likes tea", 5), new("no calls")]);

    public static Task<EventStore> OpenAsync(string connectionString, MasterKey? master = null) => EventStore.OpenAsync(connectionString, Types, new EventStoreOptions { MasterKey = master });

    public static async Task<object> ReadAsync(this EventStore store, string streamId) =>
        (await store.Reader.ReadStreamAsync(streamId).FirstAsync()).Data;

    public static async Task<MemberJoined> ReadMemberAsync(this EventStore store, string streamId = "member-m1") =>
        (MemberJoined)await store.ReadAsync(streamId);
}

/// <summary>A database whose store knows members.</summary>
internal sealed class MemberDatabase : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private MemberDatabase(TestDatabase database, EventStore store) => (_database, Store) = (database, store);

    public EventStore Store { get; }

    public TestDatabase Sql => _database;

    public static async Task<MemberDatabase> CreateAsync(Testing.PostgresFixture postgres, MasterKey? master = null)
    {
        var database = await TestDatabase.CreateEmptyAsync(postgres);
        return new MemberDatabase(database, await MemberEvents.OpenAsync(database.ConnectionString, master));
    }

    public Task<EventStore> OpenAnotherAsync(MasterKey? master = null) => MemberEvents.OpenAsync(_database.ConnectionString, master);

    public async Task AppendAsync(string streamId, params object[] events) =>
        (await Store.AppendAsync(streamId, ExpectedVersion.Any, events)).ShouldBeOfTypeAppended();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await _database.DisposeAsync();
    }
}

internal static class AppendedExtensions
{
    public static AppendResult.Appended ShouldBeOfTypeAppended(this AppendResult result) => Shouldly.ShouldBeTestExtensions.ShouldBeOfType<AppendResult.Appended>(result);
}
