using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Integrity;

/// <summary>A masking that was signed is accepted in the place of what was sealed; any other change is not.</summary>
public sealed class RedactionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_signed_redaction_is_accepted_and_counted_and_a_second_one_too()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 30);
        (await RedactAsync(store, 17, "masked"))!.Number.ShouldBe(1);
        (await RedactAsync(store, 17, "gone"))!.Number.ShouldBe(2);
        await RedactAsync(store, 18, "other");
        await store.AppendAsync(5);
        await store.Chain.SealAsync();
        var result = await store.VerifyAsync();
        result.Findings.ShouldBeEmpty();
        result.Redacted.ShouldBe(2);
    }

    [Fact]
    public async Task A_change_after_a_redaction_is_found()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 30);
        await RedactAsync(store, 17, "masked");
        await store.ExecuteAsync("update events.mt_events set data = '{}' where seq_id = 17");
        (await store.FindAsync()).Select(finding => finding[..10]).ShouldBe(["Changed 17"]);
    }

    [Fact]
    public async Task An_event_that_was_changed_behind_the_stores_back_cannot_be_covered_up_by_a_redaction()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 30);
        await store.ExecuteAsync("update events.mt_events set data = '{}' where seq_id = 17");
        (await Should.ThrowAsync<ChainException>(() => RedactAsync(store, 17, "masked"))).Message.ShouldContain("not the one that was sealed");
    }

    [Fact]
    public async Task An_event_that_is_not_sealed_yet_needs_no_redaction()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 30);
        await store.AppendAsync(1);
        (await RedactAsync(store, 31, "masked")).ShouldBeNull();
        await store.Chain.SealAsync();
        (await store.FindAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redaction_that_was_changed_or_removed_is_not_accepted()
    {
        (string Sql, int Findings)[] changes =
        [
            ("update bookkeeping.chain_redactions set reason = 'another'", 1), ("update bookkeeping.chain_redactions set new_hash = old_hash", 1),
            ("update bookkeeping.chain_redactions set position = 18", 1), ("delete from bookkeeping.chain_redactions", 0),
        ];
        await using var store = await SealedStore.WithEventsAsync(postgres, 30);
        await RedactAsync(store, 17, "masked");
        await store.ExecuteAsync("create table saved as select * from bookkeeping.chain_redactions");
        foreach (var (sql, redactionFindings) in changes)
        {
            await store.ExecuteAsync(sql);
            var findings = (await store.VerifyAsync()).Findings;
            findings.Count(finding => finding.Fault == ChainFault.Redaction).ShouldBe(redactionFindings, sql);
            findings.ShouldContain(finding => finding.Fault == ChainFault.Changed && finding.Position == 17, sql);
            await store.ExecuteAsync("truncate bookkeeping.chain_redactions; insert into bookkeeping.chain_redactions select * from saved");
        }

        (await store.FindAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Redacting_and_sealing_at_once_leave_an_intact_chain()
    {
        await using var store = await SealedStore.WithEventsAsync(postgres, 20);
        await Task.WhenAll(Enumerable.Range(1, 20).Select(async position =>
        {
            await store.AppendAsync(2);
            await Task.WhenAll(RedactAsync(store, position, "masked"), store.OpenChain().SealAsync());
        }));
        var result = await store.VerifyAsync();
        result.Findings.ShouldBeEmpty();
        result.Redacted.ShouldBe(20);
    }

    private static async Task<ChainRedaction?> RedactAsync(SealedStore store, long position, string mark)
    {
        await using var connection = await store.Database.Store.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var redaction = await new ChainRedactions(store.Chain.Keys).RecordRedactionAsync(connection, position, "a request", async cancellation =>
        {
            await using var change = new NpgsqlCommand("update events.mt_events set data = jsonb_set(data, '{mark}', to_jsonb($1)) where seq_id = $2", connection);
            change.Parameters.AddWithValue(mark);
            change.Parameters.AddWithValue(position);
            await change.ExecuteNonQueryAsync(cancellation);
        });
        await transaction.CommitAsync();
        return redaction;
    }
}
