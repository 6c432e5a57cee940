using System.Text.Json;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Tests.Import;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.Privacy;

public sealed class ForgetAndMaskTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_forgotten_customer_is_in_no_export_and_history_keeps_working()
    {
        var store = await ImportedStore.CreateAsync(postgres);
        var mark = $"Mark{Guid.NewGuid():N}";
        await AppendAsync(store, "customer-17850", new CustomerRegistered("17850", "France", mark, $"{mark}@example.org", $"{mark}\n75001 Paris"));
        (await store.ExportAsync()).ShouldNotContain(mark);
        var known = await store.RunAsync("as-of", "v1", "customer-17850");
        known.Output.ShouldContain(mark);
        (await store.RunAsync("rebuild", "storefront_customers")).ExitCode.ShouldBe(0);

        var forgotten = await store.RunAsync("forget", "17850", "--reference", "DSR-7");

        forgotten.ExitCode.ShouldBe(0, forgotten.ToString());
        forgotten.Output.ShouldContain("the key is destroyed");
        (await store.ExportAsync()).ShouldContain("customer_forgotten");
        var asOf = await store.RunAsync("as-of", "v1", "customer-17850");
        asOf.ExitCode.ShouldBe(0, asOf.ToString());
        asOf.Output.ShouldContain("France");
        asOf.Output.ShouldNotContain(mark);
        var verified = await store.RunAsync("verify", "storefront_customers");
        verified.ExitCode.ShouldBe(0, verified.ToString());
        (await store.RunAsync("forget", "17850")).ExitCode.ShouldBe(0);
        (await store.CountEventsAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_mask_says_which_read_models_are_to_be_rebuilt_and_verify_is_clean_after_it()
    {
        var store = await ImportedStore.CreateAsync(postgres);
        await AppendAsync(store, "order-1", OrderPricing.PlacedOrder("1", null, "France", "warehouse", "GBP", [new("A", 1, 2m)], []), new OrderCancelled("1", "call Ada 555"));
        (await store.RunAsync("rebuild", "storefront_orders")).ExitCode.ShouldBe(0);

        var masked = await store.RunAsync("mask", "--position", "2", "--path", "$.reason", "--reason", "a name in a free text");

        masked.ExitCode.ShouldBe(0, masked.ToString());
        masked.Output.ShouldContain("ecommerce-ai rebuild storefront_orders");
        (await store.ExportAsync()).ShouldNotContain("Ada");
        (await store.RunAsync("verify", "storefront_orders")).ExitCode.ShouldBe(1, "the read model still shows what was masked");
        (await store.RunAsync("rebuild", "storefront_orders")).ExitCode.ShouldBe(0);
        (await store.RunAsync("verify", "storefront_orders")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_mask_of_a_sealed_event_is_a_signed_redaction_and_a_change_behind_the_stores_back_is_not()
    {
        var store = await ImportedStore.CreateAsync(postgres);
        string[] folder = ["--data-directory", Directory.CreateTempSubdirectory("chain").FullName];
        await AppendAsync(store, "order-1", OrderPricing.PlacedOrder("1", null, "France", "warehouse", "GBP", [new("A", 1, 2m)], []), new OrderCancelled("1", "call Ada 555"));
        (await store.RunAsync(["seal", .. folder])).ExitCode.ShouldBe(0);
        string[] mask = ["mask", "--position", "2", "--path", "$.reason", "--reason", "a name in a free text"];

        var elsewhere = await store.RunAsync([.. mask, "--data-directory", Directory.CreateTempSubdirectory("other").FullName]);
        elsewhere.ExitCode.ShouldBe(1, elsewhere.ToString());
        elsewhere.Errors.ShouldContain("not among those trusted here");
        (await store.ExportAsync()).ShouldContain("Ada");
        var masked = await store.RunAsync([.. mask, .. folder]);
        masked.ExitCode.ShouldBe(0, masked.ToString());
        (await store.ExportAsync()).ShouldNotContain("Ada");
        var clean = await store.RunAsync(["verify", "--chain", .. folder]);
        clean.ExitCode.ShouldBe(0, clean.ToString());

        await store.ExecuteAsync("update events.mt_events set data = jsonb_set(data, '{reason}', '\"call Bob 555\"') where seq_id = 2");
        var broken = await store.RunAsync(["verify", "--chain", "--json", .. folder]);
        broken.ExitCode.ShouldBe(1, broken.ToString());
        var finding = JsonDocument.Parse(broken.Output).RootElement.GetProperty("findings").EnumerateArray().ShouldHaveSingleItem();
        (finding.GetProperty("position").GetInt64(), finding.GetProperty("fault").GetString()).ShouldBe((2, "Changed"));
        (await store.RunAsync([.. mask, .. folder])).Errors.ShouldContain("not the one that was sealed");
    }

    [Theory]
    [InlineData("There is no customer nobody", "forget", "nobody")]
    [InlineData("customerId must be", "forget", "a b")]
    [InlineData("reference must be", "forget", "a", "--reference", "by phone")]
    [InlineData("There is no event at position 7", "mask", "--position", "7", "--path", "$.reason", "--reason", "why")]
    public async Task What_cannot_be_forgotten_or_masked_ends_with_code_1_and_one_line(string expected, params string[] arguments)
    {
        var result = await (await ImportedStore.CreateAsync(postgres)).RunAsync(arguments);
        result.ExitCode.ShouldBe(1, result.ToString());
        result.Errors.ShouldContain(expected);
        result.Errors.TrimEnd().ShouldNotContain("\n");
    }

    private static async Task AppendAsync(ImportedStore store, string streamId, params object[] events)
    {
        await using var open = await OpenStore.OverAsync(await EventStoreDatabase.OpenAsync(store.ConnectionString, ""), CancellationToken.None);
        (await open.Store.AppendAsync(streamId, ExpectedVersion.NoStream, events)).ShouldBeOfType<AppendResult.Appended>();
    }
}
