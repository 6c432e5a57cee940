using System.Globalization;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcommerceAI.Replay.Tests.Import;

/// <summary>
/// The importing process is killed at random points and started again. <c>ECOMMERCEAI_SEEDS</c> sets how many histories are run.
/// </summary>
public sealed class KilledImportTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    /// <summary>Lines of the year that is imported; <c>ECOMMERCEAI_IMPORT_LINES</c> sets them.</summary>
    private static readonly int Lines =
        int.TryParse(Environment.GetEnvironmentVariable("ECOMMERCEAI_IMPORT_LINES"), CultureInfo.InvariantCulture, out var lines) ? lines : 20_000;

    private static int Seeds =>
        int.TryParse(Environment.GetEnvironmentVariable("ECOMMERCEAI_SEEDS"), CultureInfo.InvariantCulture, out var seeds) ? seeds : 1;

    [Fact]
    public async Task An_import_killed_at_random_points_and_resumed_ends_with_the_same_store()
    {
        var file = ImportedStore.GenerateYear(seed: 7, Lines);
        var whole = await ImportedStore.CreateAsync(postgres);
        var untroubled = await whole.ImportAsync(file);
        untroubled.ExitCode.ShouldBe(0, untroubled.ToString());
        var expected = await whole.ExportAsync();
        expected.Length.ShouldBeGreaterThan(Lines);

        for (var seed = 1; seed <= Seeds; seed++)
        {
            var killed = await ImportedStore.CreateAsync(postgres);
            await KillAndResumeAsync(killed, file, seed);
            (await killed.ExportAsync() == expected).ShouldBeTrue($"seed {seed}: the exports differ");
            var verified = await killed.RunAsync("verify");
            verified.ExitCode.ShouldBe(0, $"seed {seed}: {verified}");
        }
    }

    private async Task KillAndResumeAsync(ImportedStore store, string file, int seed)
    {
        var random = new Random(seed);
        var kills = 0;
        while (true)
        {
            using var import = store.StartImport(file);
            var before = await store.CountInvoicesAsync();
            // The first kill comes when something has been appended and not all; the others at random, from the start of the process
            // to beyond its end, so that reading, appending and projecting are all hit.
            var moment = TimeSpan.FromMilliseconds(random.Next(200, 4_000) + (kills * 400));
            var due = kills == 0 ? FirstInvoicesAsync(store, import) : Task.Delay(moment);
            var ended = await Task.WhenAny(import.WaitAsync(), due) is Task<ReplayResult>;
            (ended && kills == 0).ShouldBeFalse($"seed {seed}: the import ended before it could be killed");
            if (ended)
            {
                var result = await import.WaitAsync();
                output.WriteLine($"seed {seed}: done after {kills} kills");
                result.ExitCode.ShouldBe(0, $"seed {seed}: {result}");
                return;
            }

            await import.KillAsync();
            kills++;
            var after = await store.CountInvoicesAsync();
            output.WriteLine($"seed {seed}: kill {kills}, {before} invoices at the start of the process, {after} at its end");
            if (kills == 1) after.ShouldBeInRange(1, await store.CountInvoicesOfFileAsync() - 1);
        }
    }

    private static async Task FirstInvoicesAsync(ImportedStore store, ReplayProcess import)
    {
        while (!import.HasExited && await store.CountInvoicesAsync() == 0) await Task.Delay(TimeSpan.FromMilliseconds(5));
    }
}
