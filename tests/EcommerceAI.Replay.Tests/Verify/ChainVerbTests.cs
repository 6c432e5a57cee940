using System.Text.Json;
using EcommerceAI.Replay.Tests.Import;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.Verify;

/// <summary>Sealing and verifying as an operator does it.</summary>
public sealed class ChainVerbTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_sealed_store_verifies_and_a_changed_event_is_named_with_code_1_for_people_and_for_programs()
    {
        var data = Directory.CreateTempSubdirectory("chain").FullName;
        var store = await ImportedStore.CreateAsync(postgres);
        (await store.ImportAsync(ImportedStore.GenerateYear(seed: 3, lines: 300))).ExitCode.ShouldBe(0);
        Task<ReplayResult> RunAsync(params string[] arguments) => store.RunAsync([.. arguments, "--data-directory", data]);

        var unsealed = await RunAsync("verify", "--chain");
        unsealed.ExitCode.ShouldBe(1);
        unsealed.Output.ShouldContain("Nothing is sealed yet");
        var head = await RunAsync("seal");
        head.ExitCode.ShouldBe(0, head.ToString());
        head.Output.ShouldContain("Sealed");
        var intact = await RunAsync("verify", "--chain");
        intact.ExitCode.ShouldBe(0, intact.ToString());
        intact.Output.ShouldContain("Intact");

        await store.ExecuteAsync("update events.mt_events set data = data || '{\"quantity\": 1000000}' where seq_id = 42");
        var broken = await RunAsync("verify", "--chain");
        broken.ExitCode.ShouldBe(1);
        broken.Output.ShouldContain("42");
        broken.Output.ShouldContain("changed");
        var json = await RunAsync("verify", "--chain", "--json");
        json.ExitCode.ShouldBe(1);
        var finding = JsonDocument.Parse(json.Output).RootElement.GetProperty("findings").EnumerateArray().ShouldHaveSingleItem();
        finding.GetProperty("position").GetInt64().ShouldBe(42);
        finding.GetProperty("fault").GetString().ShouldBe("Changed");
        finding.GetProperty("streamId").GetString().ShouldNotBeNullOrEmpty();
    }
}
