using System.Globalization;
using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.EventSourcing.Tests.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Integrity;

/// <summary>Whatever is done to the log behind the store's back below the last head is found, and named.</summary>
public sealed class TamperingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_change_of_any_one_column_is_found()
    {
        string[] changes =
        [
            "id = gen_random_uuid()", "stream_id = 's-other'", "version = 99", "data = jsonb_set(data, '{by}', '1000')",
            "data = data || '{\"more\": null}'", "type = 'renamed'", "timestamp = timestamp + interval '1 microsecond'", "correlation_id = null",
            "correlation_id = 'causation', causation_id = 'correlation'", "causation_id = ''", "headers = '{\"user\": \"somebody else\"}'", "headers = null",
        ];
        await using var store = await SealedStore.WithEventsAsync(postgres, 30);
        await store.ExecuteAsync("insert into events.mt_streams (id, version) values ('s-other', 0); create table saved as select * from events.mt_events where seq_id = 17");
        foreach (var change in changes)
        {
            await store.ExecuteAsync($"update events.mt_events set {change} where seq_id = 17");
            var stream = await store.Database.ScalarAsync<string>("select stream_id from events.mt_events where seq_id = 17");
            (await store.FindAsync()).ShouldBe([$"Changed 17 {stream}"], change);
            await store.ExecuteAsync("delete from events.mt_events where seq_id = 17; insert into events.mt_events select * from saved");
            (await store.FindAsync()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_removed_event_is_found_with_the_stream_that_lacks_it()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 30);
        var stream = await store.Database.ScalarAsync<string>("select stream_id from events.mt_events where seq_id = 17");
        await store.ExecuteAsync("delete from events.mt_events where seq_id = 17");
        (await store.FindAsync()).ShouldBe([$"Removed 17 {stream}"]);
    }

    [Fact]
    public async Task A_removed_stream_is_found_event_by_event()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 30);
        var positions = await store.Database.LinesAsync("select seq_id from events.mt_events where stream_id = 's-3' order by 1");
        await store.ExecuteAsync("delete from events.mt_streams where id = 's-3'");
        (await store.FindAsync()).ShouldBe(positions.Select(position => $"Removed {position}"));
    }

    [Fact]
    public async Task An_event_inserted_into_a_hole_or_before_the_first_is_found()
    {
        await using var store = await SealedStore.CreateAsync(postgres);
        await store.AppendAsync(5);
        await store.ExecuteAsync("select nextval('events.mt_events_sequence')");
        await store.AppendAsync(5);
        await store.Chain.SealAsync();
        await store.ExecuteAsync(ForeignWrites.NewStream("late"));
        await store.ExecuteAsync("update events.mt_events set seq_id = 6 where stream_id = 'late'");
        (await store.FindAsync()).ShouldBe(["Inserted 6 late"]);
        await store.ExecuteAsync("update events.mt_events set seq_id = 0 where stream_id = 'late'; update events.mt_events set seq_id = -1 where seq_id = 0");
        (await store.VerifyAsync()).IsIntact.ShouldBeFalse();
    }

    [Fact]
    public async Task Two_events_that_changed_places_are_found()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 30);
        await store.ExecuteAsync(
            """
            update events.mt_events set seq_id = 1000 where seq_id = 12;
            update events.mt_events set seq_id = 12 where seq_id = 13;
            update events.mt_events set seq_id = 13 where seq_id = 1000;
            """);
        (await store.FindAsync()).Select(finding => finding[..10]).ShouldBe(["Changed 12", "Changed 13"]);
    }

    [Fact]
    public async Task An_event_moved_to_another_position_is_missed_in_one_place_and_found_in_the_other()
    {
        await using var store = await SealedStore.CreateAsync(postgres);
        await store.AppendAsync(5);
        await store.ExecuteAsync("select nextval('events.mt_events_sequence')");
        await store.AppendAsync(5);
        await store.Chain.SealAsync();
        await store.ExecuteAsync("update events.mt_events set seq_id = 6 where seq_id = 2");
        (await store.FindAsync()).Select(finding => finding.Split(' ')[0] + finding.Split(' ')[1]).ShouldBe(["Removed2", "Inserted6"]);
    }

    [Fact]
    public async Task A_log_cut_off_at_its_end_is_found_even_when_the_tree_and_its_heads_were_cut_off_with_it()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 30);
        await store.ExecuteAsync("delete from events.mt_events where seq_id > 25");
        (await store.FindAsync()).Select(finding => finding.Split(' ')[0]).ShouldBe(Enumerable.Repeat("Removed", 5));
        await store.ExecuteAsync("delete from events.mt_events where seq_id > 15; delete from bookkeeping.chain_heads where size > 15");
        var result = await store.VerifyAsync();
        result.Findings.ShouldContain(finding => finding.Fault == ChainFault.Published);
        result.Findings.Count(finding => finding.Fault == ChainFault.Removed).ShouldBe(15);
    }

    [Fact]
    public async Task A_database_put_back_to_an_earlier_state_is_found_and_not_sealed_anew()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 20);
        await store.ExecuteAsync("create table earlier_heads as select * from bookkeeping.chain_heads; create table earlier_tiles as select * from bookkeeping.chain_tiles");
        await store.AppendAsync(5);
        await store.Chain.SealAsync();
        await store.ExecuteAsync(
            """
            delete from events.mt_events where seq_id > 20;
            truncate bookkeeping.chain_heads, bookkeeping.chain_tiles;
            insert into bookkeeping.chain_heads select * from earlier_heads;
            insert into bookkeeping.chain_tiles select * from earlier_tiles;
            """);
        (await store.VerifyAsync()).Findings.ShouldContain(finding => finding.Fault == ChainFault.Published && finding.Detail.Contains("put back"));
        await store.AppendAsync(5);
        (await Should.ThrowAsync<ChainException>(() => store.Chain.SealAsync())).Message.ShouldContain("put back or replaced");
    }

    [Fact]
    public async Task Another_database_in_the_place_of_the_sealed_one_is_found()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 20);
        await using var other = await SealedStore.WithEventsAsync(postgres, 20);
        var swapped = new EventChain(other.Database.Store, store.Folder);
        var result = await new ChainVerification(other.Database.Store, swapped).RunAsync();
        result.Findings.ShouldContain(finding => finding.Fault == ChainFault.Published && finding.Detail.Contains("another one"));
        await other.AppendAsync(1);
        (await Should.ThrowAsync<ChainException>(() => swapped.SealAsync())).Message.ShouldContain("replaced");
    }

    [Fact]
    public async Task A_log_and_a_tree_rewritten_together_do_not_fit_the_heads_and_the_stretch_is_named()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 40);
        await store.ExecuteAsync("update events.mt_events set data = '{}' where seq_id = 27");
        // Whoever can write the database can compute leaves and tiles as well; only the key is missing.
        await using var forged = await SealedStore.CreateAsync(postgres);
        await store.ExecuteAsync("create table kept as select * from bookkeeping.chain_heads; truncate bookkeeping.chain_heads, bookkeeping.chain_tiles");
        await new EventChain(store.Database.Store, forged.Folder).SealAsync();
        await store.ExecuteAsync("truncate bookkeeping.chain_heads; insert into bookkeeping.chain_heads select * from kept");
        var result = await store.VerifyAsync();
        result.Findings.ShouldHaveSingleItem().Fault.ShouldBe(ChainFault.Changed);
        result.Findings[0].Detail.ShouldContain("from position 21 to 40");

        await store.ExecuteAsync("truncate bookkeeping.chain_heads, bookkeeping.chain_tiles");
        await new EventChain(store.Database.Store, forged.Folder, Path.Combine(forged.Folder, "second.ndjson")).SealAsync();
        var resealed = await store.VerifyAsync();
        resealed.Findings.ShouldContain(finding => finding.Fault == ChainFault.Head && finding.Detail.Contains("not among the trusted"));
        resealed.IsIntact.ShouldBeFalse();
    }

    [Fact]
    public async Task A_change_of_the_tree_itself_is_told_from_one_of_the_log()
    {
        string[] changes =
        [
            "update bookkeeping.chain_tiles set hashes = set_byte(hashes, 40, 255 - get_byte(hashes, 40)) where level = 0 and number = 1",
            "update bookkeeping.chain_tiles set hashes = set_byte(hashes, 3, 255 - get_byte(hashes, 3)) where level = 1",
            "update bookkeeping.chain_tiles set positions = '{[1,257)}' where level = 0 and number = 1",
            "update bookkeeping.chain_tiles set positions = '{(,)}' where level = 0 and number = 1",
            "update bookkeeping.chain_tiles set hashes = substr(hashes, 1, 320) where level = 0 and number = 1",
            "update bookkeeping.chain_tiles set positions = null where level = 0 and number = 2",
            "delete from bookkeeping.chain_tiles where level = 1",
            "delete from bookkeeping.chain_tiles where level = 0 and number = 0",
            "delete from bookkeeping.chain_tiles where level = 0 and number = 2",
            "truncate bookkeeping.chain_tiles",
        ];
        await using var store = await SealedStore.WithEventsAsync(postgres, 600);
        await store.ExecuteAsync("create table saved as select * from bookkeeping.chain_tiles");
        foreach (var change in changes)
        {
            await store.ExecuteAsync(change);
            (await store.VerifyAsync()).Findings.ShouldHaveSingleItem(change).Fault.ShouldBe(ChainFault.Tree);
            await store.ExecuteAsync("truncate bookkeeping.chain_tiles; insert into bookkeeping.chain_tiles select * from saved");
        }

        (await store.FindAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_of_a_head_is_found()
    {
        string[] changes =
        [
            "update bookkeeping.chain_heads set root = repeat('0', 64) where size = 15", "update bookkeeping.chain_heads set size = 29 where size = 30",
            "update bookkeeping.chain_heads set position = 29 where size = 30", "update bookkeeping.chain_heads set sealed = sealed - interval '1 day'",
            "update bookkeeping.chain_heads set signature = 'nonsense'", "update bookkeeping.chain_heads set key = 'nonsense'",
            "update bookkeeping.chain_heads set key = '../key'", "update bookkeeping.chain_log set origin = gen_random_uuid()",
            "delete from bookkeeping.chain_heads", "delete from bookkeeping.chain_log",
        ];
        await using var store = await SealedStore.WithEventsAsync(postgres, 30);
        await store.ExecuteAsync("create table heads as select * from bookkeeping.chain_heads; create table log as select * from bookkeeping.chain_log");
        foreach (var change in changes)
        {
            await store.ExecuteAsync(change);
            var result = await store.VerifyAsync();
            result.IsIntact.ShouldBeFalse(change);
            result.Findings.ShouldAllBe(finding => finding.Fault == ChainFault.Head || finding.Fault == ChainFault.Published);
            await store.ExecuteAsync(
                """
                truncate bookkeeping.chain_heads, bookkeeping.chain_log;
                insert into bookkeeping.chain_heads select * from heads; insert into bookkeeping.chain_log select * from log
                """);
        }

        (await store.FindAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_changed_line_of_the_published_heads_is_found()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 30);
        var text = await File.ReadAllTextAsync(store.Chain.Published.File);
        await File.WriteAllTextAsync(store.Chain.Published.File, text.Replace("\"size\":15", "\"size\":16", StringComparison.Ordinal));
        (await store.VerifyAsync()).Findings.ShouldContain(finding => finding.Fault == ChainFault.Published);
        await File.WriteAllTextAsync(store.Chain.Published.File, "nonsense\n" + text);
        (await Should.ThrowAsync<ChainException>(() => store.VerifyAsync())).Message.ShouldContain("Line 1");
    }

    [Theory]
    [Seeds]
    public async Task Any_random_change_below_the_head_is_found(int seed)
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 700);
        var random = new Random(seed);
        for (var round = 0; round < 12; round++)
        {
            var position = random.Next(1, 701).ToString(CultureInfo.InvariantCulture);
            await store.ExecuteAsync($"drop table if exists saved; create table saved as select * from events.mt_events where seq_id = {position}");
            await store.ExecuteAsync(random.Next(3) switch
            {
                0 => $"delete from events.mt_events where seq_id = {position}",
                1 => $"update events.mt_events set data = data || '{{\"a\": {round}}}' where seq_id = {position}",
                _ => $"update events.mt_events set seq_id = -seq_id where seq_id = {position}",
            });
            (await store.VerifyAsync()).Findings.ShouldContain(finding => finding.Position == long.Parse(position, CultureInfo.InvariantCulture), $"seed {seed}, round {round}");
            await store.ExecuteAsync($"delete from events.mt_events where abs(seq_id) = {position}; insert into events.mt_events select * from saved");
            (await store.FindAsync()).ShouldBeEmpty();
        }
    }
}
