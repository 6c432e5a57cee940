using EcommerceAI.Api.Hosting;
using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.EventSourcing.Store;
using Microsoft.Extensions.DependencyInjection;

namespace EcommerceAI.Api.Tests;

public sealed class SealingTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private string Heads => new PublishedHeads(Path.Combine(EventChain.FolderIn(api.DataFolder), "heads.ndjson")).File;

    [Fact]
    public async Task The_log_is_sealed_under_a_lease_while_the_host_runs_and_when_it_stops_unless_it_is_turned_off()
    {
        await WaitForLeaseAsync();
        await api.Client.CreateProductAsync();
        await api.StopAsync();
        var head = new PublishedHeads(Heads).Read()[^1];
        head.Position.ShouldBe(await api.QueryAsync<long>("select max(seq_id) from events.mt_events"));

        api.Settings = ["--ECOMMERCEAI_CHAIN=off"];
        await api.StartAsync();
        await api.Client.CreateProductAsync();
        await api.StopAsync();
        new PublishedHeads(Heads).Read()[^1].ShouldBe(head);

        api.Settings = ["--ECOMMERCEAI_CHAIN=of"];
        (await Should.ThrowAsync<StartFailedException>(() => api.StartAsync())).Message.ShouldContain("ECOMMERCEAI_CHAIN");

        api.Settings = [];
        await api.StartAsync();
        var store = api.Services.GetRequiredService<EventStore>();
        var verified = await new ChainVerification(store, api.Services.GetRequiredService<EventChain>()).RunAsync();
        verified.Findings.ShouldBeEmpty();
        verified.Unsealed.ShouldBeGreaterThan(0);
    }

    private async Task WaitForLeaseAsync()
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (!await api.QueryAsync<bool>("select exists (select from bookkeeping.leases where shard = 'chain' and expires > clock_timestamp())"))
        {
            DateTime.UtcNow.ShouldBeLessThan(deadline);
            await Task.Delay(20);
        }
    }
}
