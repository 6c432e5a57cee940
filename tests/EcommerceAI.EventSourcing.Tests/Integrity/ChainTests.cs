using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Tests.Store;
using EcommerceAI.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Integrity;

/// <summary>What sealing writes, proves and refuses.</summary>
public sealed class ChainTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_log_that_nobody_touched_is_intact_and_what_is_above_the_head_is_counted()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 1000);
        await store.AppendAsync(7);
        var result = await store.VerifyAsync();
        result.Findings.ShouldBeEmpty();
        result.IsIntact.ShouldBeTrue();
        (result.Events, result.Heads, result.Unsealed).ShouldBe((1000L, 2, 7L));
    }

    [Fact]
    public async Task An_empty_log_is_intact_and_one_that_nobody_sealed_is_not()
    {
        await using var store = await SealedStore.CreateAsync(postgres);
        (await store.Chain.SealAsync()).ShouldBeNull();
        (await store.VerifyAsync()).IsIntact.ShouldBeTrue();
        await store.AppendAsync(1);
        (await store.VerifyAsync()).IsIntact.ShouldBeFalse();
    }

    [Fact]
    public async Task Sealing_stops_at_the_high_water_mark_and_goes_on_when_the_gap_is_settled()
    {
        await using var store = await SealedStore.CreateAsync(postgres);
        await store.AppendAsync(3);
        await using var slow = await store.Database.ConnectAsync();
        await using (var begin = new NpgsqlCommand("begin;" + ForeignWrites.NewStream("slow"), slow)) await begin.ExecuteNonQueryAsync();
        await store.AppendAsync(3);
        (await store.Chain.SealAsync())!.Position.ShouldBe(3);
        await using (var commit = new NpgsqlCommand("commit", slow)) await commit.ExecuteNonQueryAsync();
        (await store.Chain.SealAsync())!.Size.ShouldBe(7);
        (await store.FindAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Columns_that_may_change_and_holes_do_not_matter()
    {
        await using var store = await SealedStore.CreateAsync(postgres);
        await store.AppendAsync(5);
        await store.ExecuteAsync("select nextval('events.mt_events_sequence') from generate_series(1, 300)");
        await store.AppendAsync(5);
        await store.Chain.SealAsync();
        await store.ExecuteAsync("update events.mt_events set is_archived = true, tenant_id = 'other', mt_dotnet_type = 'Other, Other'");
        (await store.FindAsync()).ShouldBeEmpty();
        (await store.VerifyAsync()).Events.ShouldBe(10);
    }

    [Fact]
    public async Task An_event_larger_than_any_buffer_has_a_leaf_like_every_other()
    {
        await using var store = await SealedStore.CreateAsync(postgres);
        var large = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(900_000));
        await store.AppendAsync(3);
        await store.Database.Store.AppendAsync("large", ExpectedVersion.NoStream, [new Counted(1, large), new Renamed("small")]);
        await store.Chain.SealAsync();
        (await store.FindAsync()).ShouldBeEmpty();
        await store.ExecuteAsync("update events.mt_events set data = jsonb_set(data, '{mark}', to_jsonb(left(data ->> 'mark', -1) || '!')) where seq_id = 4");
        (await store.FindAsync()).ShouldBe(["Changed 4 large"]);
    }

    [Fact]
    public async Task Each_event_is_proved_to_be_under_the_head_and_each_head_to_continue_the_one_before()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 700);
        await store.ExecuteAsync("select nextval('events.mt_events_sequence')");
        await store.AppendAsync(1);
        await store.Chain.SealAsync();
        foreach (var position in new[] { 1L, 256, 257, 512, 700, 702 })
        {
            var proof = (await store.Chain.ProveInclusionAsync(position))!;
            MerkleProofs.IsIncluded(proof.Leaf, proof.Index, proof.Head.Size, proof.Path, Convert.FromHexString(proof.Head.Root)).ShouldBeTrue();
            proof.Index.ShouldBe(position == 702 ? 700 : position - 1);
        }

        (await store.Chain.ProveInclusionAsync(701)).ShouldBeNull();
        (await store.Chain.ProveInclusionAsync(703)).ShouldBeNull();
        foreach (var older in store.Chain.Published.Read())
        {
            var (head, proof) = await store.Chain.ProveConsistencyAsync(older.Size);
            MerkleProofs.IsConsistent(older.Size, Convert.FromHexString(older.Root), head.Size, Convert.FromHexString(head.Root), proof).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task The_key_is_readable_by_its_owner_alone_and_after_a_new_one_both_are_trusted()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 10);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(Path.Combine(store.Folder, "key.pem")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        store.Chain.Keys.Rotate();
        await store.AppendAsync(5);
        await store.Chain.SealAsync();
        store.Chain.Published.Read().Select(head => head.Key).Distinct().Count().ShouldBe(2);
        (await store.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task A_head_that_a_crash_kept_from_the_file_is_published_by_the_next_seal()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 10);
        var lines = await File.ReadAllLinesAsync(store.Chain.Published.File);
        await File.WriteAllTextAsync(store.Chain.Published.File, lines[0] + "\n" + lines[1][..40]);
        (await store.VerifyAsync()).IsIntact.ShouldBeTrue();
        await store.Chain.SealAsync();
        (await File.ReadAllLinesAsync(store.Chain.Published.File)).ShouldBe(lines);
    }

    [Fact]
    public async Task Several_who_seal_at_once_make_one_tree()
    {
        await using var store = await SealedStore.CreateAsync(postgres);
        var chains = Enumerable.Range(0, 4).Select(_ => store.OpenChain()).ToList();
        for (var round = 0; round < 5; round++)
        {
            await store.AppendAsync(20);
            await Task.WhenAll(chains.Select(chain => chain.SealAsync()));
        }

        (await store.Chain.FindHeadAsync())!.Size.ShouldBe(100);
        (await store.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task A_changed_tree_is_not_signed_over()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 10);
        await store.ExecuteAsync("update bookkeeping.chain_tiles set hashes = set_byte(hashes, 5, 255 - get_byte(hashes, 5)) where level = 0");
        await store.AppendAsync(1);
        (await Should.ThrowAsync<ChainException>(() => store.Chain.SealAsync())).Message.ShouldContain("verify --chain");
    }

    [Fact]
    public async Task The_follower_seals_after_so_many_events_after_so_long_and_when_it_stops()
    {
        await using var store = await SealedStore.CreateAsync(postgres);
        using var follower = new ChainFollower(
            store.Database.Store, store.Chain, NullLogger<ChainFollower>.Instance, new ChainFollowerOptions(1_000_000, TimeSpan.FromMilliseconds(50)));
        await follower.StartAsync(default);
        await store.AppendAsync(50);
        await Wait.UntilAsync(async () => (await store.Chain.FindHeadAsync())?.Size == 50, "the follower to seal");
        await follower.StopAsync(default);

        using var patient = new ChainFollower(
            store.Database.Store, store.Chain, NullLogger<ChainFollower>.Instance, new ChainFollowerOptions(60, TimeSpan.FromHours(1)));
        await patient.StartAsync(default);
        await store.AppendAsync(60);
        await store.Database.Store.HighWater.ReadAsync();
        await Wait.UntilAsync(async () => (await store.Chain.FindHeadAsync())?.Size == 110, "the follower to seal by count");
        await store.AppendAsync(1);
        await patient.StopAsync(default);
        (await store.Chain.FindHeadAsync())!.Size.ShouldBe(111);
        (await store.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task One_node_seals_and_another_that_takes_over_with_a_key_of_its_own_says_so_and_seals_nothing()
    {
        await using var store = await SealedStore.CreateAsync(postgres);
        await using var otherStore = await store.Database.OpenAsync();
        var otherFolder = Directory.CreateTempSubdirectory("ecommerceai-chain-").FullName;
        var options = new ChainFollowerOptions(1_000_000, TimeSpan.FromMilliseconds(20));
        using var one = new ChainFollower(store.Database.Store, store.Chain, NullLogger<ChainFollower>.Instance, options, node: new LeaseOptions { Owner = "one" });
        using var two = new ChainFollower(
            otherStore, new EventChain(otherStore, otherFolder), NullLogger<ChainFollower>.Instance, options, node: new LeaseOptions { Owner = "two" });
        await one.StartAsync(default);
        await Wait.UntilAsync(async () => (await new Leases(otherStore.Source).ListAsync()).Exists(lease => lease is { Shard: "chain", Owner: "one" }), "the lease");
        await two.StartAsync(default);
        for (var i = 1; i <= 5; i++)
        {
            await store.AppendAsync(10);
            await Wait.UntilAsync(async () => (await store.Chain.FindHeadAsync())?.Size == 10 * i, "the follower to seal");
        }

        (one.Error, two.Error, Directory.EnumerateFiles(otherFolder).Any()).ShouldBe((null, null, false));
        await one.StopAsync(default);
        await store.AppendAsync(10);
        await Wait.UntilAsync(() => Task.FromResult(two.Error is not null), "the other node to take over");
        two.Error!.ShouldContain("not among the trusted ones");
        await two.StopAsync(default);
        (await store.Chain.FindHeadAsync())!.Size.ShouldBe(50);
        Directory.Delete(otherFolder, recursive: true);
    }
}
