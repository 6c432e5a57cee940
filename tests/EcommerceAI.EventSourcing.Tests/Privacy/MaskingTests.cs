using System.Security.Cryptography;
using System.Text;
using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Tests.Projections;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Privacy;

public sealed class MaskingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_masked_text_is_on_record_with_what_was_and_is()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("a", ExpectedVersion.Any, [new Counted(3, "Ada, 1 Rue A"), new Counted(4, "fine")]);
        var before = await HashAsync(database);

        var result = await new Masking(database.Store, [new CountProjection()]).MaskAsync(1, "$.mark", "a name in a free text");

        (result.StreamId, result.Type).ShouldBe(("a", "counted"));
        result.Paths.ShouldBe(["mark"]);
        result.Projections.ShouldBe([new CountProjection().Name]);
        (await database.Store.Reader.ReadStreamAsync("a").Select(@event => @event.Data).ToListAsync()).ShouldBe([new Counted(3, "[masked]"), new Counted(4, "fine")]);
        (await database.LinesAsync("select position, path, reason, encode(old_hash, 'hex'), encode(new_hash, 'hex') from bookkeeping.redactions"))
            .ShouldBe([$"1 mark a name in a free text {before} {await HashAsync(database)}"]);

        (await new Masking(database.Store, []).MaskAsync(1, "mark", "again")).Paths.ShouldBeEmpty();
        (await database.ScalarAsync<long>("select count(*) from bookkeeping.redactions")).ShouldBe(1);
    }

    [Fact]
    public async Task Every_element_of_a_list_can_be_masked_at_once()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        await database.AppendAsync("member-m1", MemberEvents.Ada);
        var result = await new Masking(database.Store, []).MaskAsync(1, "$.notes[].text", "free texts");
        result.Paths.ShouldBe(["notes[0].text", "notes[1].text"]);
        (await database.Store.ReadMemberAsync()).ShouldBeEquivalentTo(MemberEvents.Ada with { Notes = [new("[masked]", 5), new("[masked]")] });
    }

    [Theory]
    [InlineData(99, "$.mark", "no event at position 99")]
    [InlineData(1, "$.nothing", "has nothing at $.nothing")]
    [InlineData(1, "$.by", "is no text")]
    [InlineData(1, "$..mark", "is no path")]
    [InlineData(1, "$.mark[x]", "is no path")]
    [InlineData(2, "$.letter", "could not be read any more")]
    public async Task What_cannot_be_masked_is_named_and_nothing_changes(long position, string path, string expected)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("a", ExpectedVersion.Any, [new Counted(3, "text"), new Anything()]);
        var before = await HashAsync(database);
        (await Should.ThrowAsync<MaskingException>(() => new Masking(database.Store, []).MaskAsync(position, path, "why"))).Message.ShouldContain(expected);
        (await HashAsync(database)).ShouldBe(before);
        (await database.ScalarAsync<long>("select count(*) from bookkeeping.redactions")).ShouldBe(0);
    }

    [Fact]
    public async Task A_masking_and_whatever_else_must_know_of_it_are_one_transaction()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("a", ExpectedVersion.Any, [new Counted(3, "text")]);
        var before = await HashAsync(database);
        RedactionScope refusing = async (_, _, _, change, cancellation) =>
        {
            await change(cancellation);
            throw new InvalidOperationException("The chain does not know this event.");
        };
        await Should.ThrowAsync<InvalidOperationException>(() => new Masking(database.Store, [], refusing).MaskAsync(1, "mark", "why"));
        (await HashAsync(database)).ShouldBe(before);
    }

    private static async Task<string> HashAsync(TestDatabase database) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(await database.ScalarAsync<string>("select data::text from events.mt_events order by seq_id limit 1"))));
}
