using System.Security.Cryptography;
using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Privacy;

public sealed class MasterKeyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Wrapped_keys_need_their_master_key_and_say_so_at_the_start()
    {
        var (master, another) = (NewKey(), NewKey());
        await using var database = await MemberDatabase.CreateAsync(postgres, master);
        await database.AppendAsync("member-m1", MemberEvents.Ada);

        await using (var same = await database.OpenAnotherAsync(master)) (await same.ReadMemberAsync()).ShouldBeEquivalentTo(MemberEvents.Ada);
        (await Should.ThrowAsync<MasterKeyException>(() => database.OpenAnotherAsync())).Message
            .ShouldBe($"Keys of data subjects are wrapped under the master key {master.Name}, and ECOMMERCEAI_MASTER_KEY is not set.");
        (await Should.ThrowAsync<MasterKeyException>(() => database.OpenAnotherAsync(another))).Message.ShouldContain($"holds another one, {another.Name}");
    }

    [Fact]
    public async Task A_node_that_began_before_there_was_a_master_key_says_what_it_lacks()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        await using var wrapping = await database.OpenAnotherAsync(NewKey());
        await wrapping.AppendAsync("member-m1", ExpectedVersion.Any, [MemberEvents.Ada]);
        (await Should.ThrowAsync<MasterKeyException>(() => database.Store.ReadMemberAsync())).Message.ShouldContain("is not set");
    }

    [Fact]
    public async Task Keys_that_were_stored_as_they_are_stay_readable_under_a_master_key()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        await database.AppendAsync("member-m1", MemberEvents.Ada);
        await using var wrapping = await database.OpenAnotherAsync(NewKey());
        (await wrapping.ReadMemberAsync()).Name.ShouldBe(MemberEvents.Ada.Name);
    }

    [Fact]
    public async Task A_wrapped_key_is_no_other_subjects()
    {
        var master = NewKey();
        await using var database = await MemberDatabase.CreateAsync(postgres, master);
        await database.AppendAsync("member-m1", MemberEvents.Ada);
        await database.AppendAsync("member-m2", MemberEvents.Ada with { MemberId = "m2" });
        await database.Sql.ExecuteAsync(
            "update bookkeeping.subject_keys set key = (select key from bookkeeping.subject_keys where id = 'member/m2') where id = 'member/m1'");
        await using var node = await database.OpenAnotherAsync(master);
        (await Should.ThrowAsync<MasterKeyException>(() => node.ReadMemberAsync())).Message.ShouldContain("member/m1");
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_master_key_of_another_form_is_refused_without_being_repeated(string text)
    {
        var refusal = Should.Throw<MasterKeyException>(() => MasterKey.Parse(text)).Message;
        refusal.ShouldContain("32 bytes in base64");
        refusal.ShouldNotContain(text);
    }

    [Fact]
    public void No_setting_means_no_master_key() => MasterKey.Parse(" ").ShouldBeNull();

    private static MasterKey NewKey() => MasterKey.Parse(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)))!;
}
