using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Tests.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Privacy;

public sealed class SealingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly byte[] FixedKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public async Task A_personal_text_is_an_ordinary_json_string_to_whoever_has_no_key()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        await database.AppendAsync("member-m1", MemberEvents.Ada);

        var line = (await database.Sql.LinesAsync(
            "select data ->> 'memberId', data ->> 'name', data ->> 'mail', data #>> '{notes,1,text}', data #>> '{notes,0,stars}' from events.mt_events")).Single();
        var parts = line.Split(' ');
        (parts[0], parts[4]).ShouldBe(("m1", "5"));
        parts[1..4].ShouldAllBe(text => text.StartsWith("sealed:1:member/m1:", StringComparison.Ordinal));
        (await database.Store.ReadMemberAsync()).ShouldBeEquivalentTo(MemberEvents.Ada);
    }

    [Fact]
    public async Task A_clear_text_never_reaches_the_server()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        var mark = $"Mark{Guid.NewGuid():N}";
        await database.AppendAsync("member-m1", new MemberJoined("m1", mark, mark, [new(mark)]));
        await new BulkAppend(database.Store).AppendAsync(await BulkChunk.PrepareAsync(
            [new BulkEvent("member-m2", new NewEvent(new MemberJoined("m2", mark), Guid.NewGuid(), DateTimeOffset.UtcNow))], database.Store));

        (await PhysicalFiles.FindAsync(database.Sql, System.Text.Encoding.UTF8.GetBytes(mark), withLog: true)).ShouldBeEmpty();
        (await database.Store.ReadMemberAsync("member-m2")).Name.ShouldBe(mark);
    }

    [Fact]
    public void The_form_of_a_sealed_text_never_changes()
    {
        // Made by another implementation of AES-256-GCM, with the key 00 01 … 1f and the nonce 00 01 … 0b.
        const string Text = "sealed:1:member/m1:AAECAwQFBgcICQoLBma3O4kmdG3oLfbo1IKpyKqsjgVnK-X7q20o7D8";
        SealedText.TryRead(Text, out var keyId, out var bytes).ShouldBeTrue();
        keyId.ShouldBe("member/m1");
        SealedText.Open(bytes, FixedKey, keyId, "member_joined", "name").ShouldBe("Ada Lövelace");
    }

    [Theory]
    [InlineData("jsonb_set(data, '{name}', data -> 'mail')", "another field")]
    [InlineData("jsonb_set(data, '{notes,0,text}', data #> '{notes,1,text}')", "another place of the list")]
    [InlineData("jsonb_set(data, '{name}', (select o.data -> 'name' from events.mt_events o where o.stream_id = 'member-m2'))", "another subject, whose id it names")]
    [InlineData("jsonb_set(data, '{name}', to_jsonb(replace(data ->> 'name', 'member/m1', 'member/m2')))", "another subject")]
    public async Task A_sealed_text_opens_only_where_it_was_put(string tampering, string where)
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        await database.AppendAsync("member-m1", MemberEvents.Ada);
        await database.AppendAsync("member-m2", MemberEvents.Ada with { MemberId = "m2", Name = "Bob" });
        await database.Sql.ExecuteAsync($"update events.mt_events set data = {tampering} where stream_id = 'member-m1'");

        (await Should.ThrowAsync<UnreadableEventException>(() => database.Store.ReadMemberAsync(), where)).Message.ShouldContain("was changed or comes from another place");
    }

    [Fact]
    public async Task What_was_written_before_sealing_began_is_read_as_it_is()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        await database.Sql.ExecuteAsync(ForeignWrites.NewStream("member-m1", "member_joined", """{"memberId": "m1", "name": "sealed: by hand"}"""));
        (await database.Store.ReadMemberAsync()).Name.ShouldBe("sealed: by hand");
    }

    [Fact]
    public async Task A_personal_text_that_does_not_tell_whose_it_is_is_refused()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        (await Should.ThrowAsync<InvalidOperationException>(() => database.AppendAsync("member-x", new MemberJoined(null!, "Ada"))))
            .Message.ShouldContain("does not tell whose it is");
        await Should.ThrowAsync<ArgumentException>(() => database.AppendAsync("member-x", new MemberJoined("a:b", "Ada")));
        (await database.Sql.CountEventsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_bulk_append_refuses_a_clear_text_and_takes_what_holds_none()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        static BulkEvent Bulk(object data) => new("member-m1", new NewEvent(data, Guid.NewGuid(), DateTimeOffset.UtcNow));

        Should.Throw<InvalidOperationException>(() => BulkChunk.Prepare([Bulk(MemberEvents.Ada)], MemberEvents.Types)).Message.ShouldContain("must be sealed");
        BulkChunk.Prepare([Bulk(new MemberLeft("m1")), Bulk(new Counted())], MemberEvents.Types).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Many_nodes_that_meet_a_new_subject_at_once_seal_under_one_key()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        var nodes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => database.OpenAnotherAsync()));
        await Task.WhenAll(nodes.SelectMany((node, n) => Enumerable.Range(0, 5).Select(i =>
            node.AppendAsync($"member-{n}-{i}", ExpectedVersion.NoStream, [new MemberJoined($"m{i}", $"{n} {i}")]))));

        (await database.Sql.ScalarAsync<long>("select count(*) from bookkeeping.subject_keys")).ShouldBe(5);
        for (var n = 0; n < nodes.Length; n++)
        {
            for (var i = 0; i < 5; i++) (await database.Store.ReadMemberAsync($"member-{n}-{i}")).Name.ShouldBe($"{n} {i}");
        }

        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public void A_declaration_that_fits_no_event_stops_the_start()
    {
        var names = new Dictionary<string, Type>(StringComparer.Ordinal) { ["member_joined"] = typeof(MemberJoined) };
        Should.Throw<ArgumentException>(() => new EventTypes(names, personal: [("member_left", "name", "member", "memberId", null)]));
        Should.Throw<ArgumentException>(() => new EventTypes(names, personal: [("member_joined", "nmae", "member", "memberId", null)])).Message.ShouldContain("nmae");
        Should.Throw<ArgumentException>(() => new EventTypes(names, personal: [("member_joined", "notes[].stars", "member", "memberId", null)]));
        Should.Throw<ArgumentException>(() => new EventTypes(names, forgetting: [("nobody_left", "member", "memberId")]));
    }
}
