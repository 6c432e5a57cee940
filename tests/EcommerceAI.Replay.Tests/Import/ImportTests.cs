using System.IO.Compression;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.Import;

public sealed class ImportTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string BooksBalance = "The sale and return rows equal what the read models hold.";

    [Fact]
    public async Task A_generated_year_balances_and_its_read_models_verify()
    {
        var store = await ImportedStore.CreateAsync(postgres);
        var result = await store.ImportAsync(ImportedStore.GenerateYear(seed: 3, lines: 20_000));
        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain("Every line is in exactly one row.");
        result.Output.ShouldContain(BooksBalance);
        (await store.RunAsync("verify")).ExitCode.ShouldBe(0);
    }

    [RealDataFact]
    public async Task A_slice_of_the_real_year_balances_and_its_read_models_verify()
    {
        var store = await ImportedStore.CreateAsync(postgres);
        var slice = Path.Combine(Directory.CreateTempSubdirectory("slice").FullName, "slice.csv");
        await File.WriteAllLinesAsync(slice, ReadReal().Take(30_001));
        var result = await store.ImportAsync(slice);
        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain(BooksBalance);
        (await store.RunAsync("verify")).ExitCode.ShouldBe(0);
    }

    [RealDataFact]
    public async Task The_whole_real_year_balances_to_the_penny_and_its_read_models_verify()
    {
        var store = await ImportedStore.CreateAsync(postgres);
        var result = await store.ImportAsync(RealData.OnlineRetail);
        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain("9,747,747.934");
        result.Output.ShouldContain("541,909");
        result.Output.ShouldContain(BooksBalance);
        var verified = await store.RunAsync("verify");
        verified.ExitCode.ShouldBe(0, verified.ToString());

        var asOf = await store.RunAsync("as-of", "2011-06-01T00:00+01:00", "order-536365");
        asOf.Output.ShouldContain("\"total\": {\n      \"minor\": 13912,");
    }

    [Fact]
    public async Task A_second_import_of_the_same_file_appends_nothing_and_of_another_file_is_refused()
    {
        var store = await ImportedStore.CreateAsync(postgres);
        var file = ImportedStore.GenerateYear(seed: 3, lines: 2_000);
        (await store.ImportAsync(file)).ExitCode.ShouldBe(0);
        var events = await store.CountEventsAsync();

        (await store.ImportAsync(file)).ExitCode.ShouldBe(0);
        (await store.CountEventsAsync()).ShouldBe(events);

        var other = await store.ImportAsync(ImportedStore.GenerateYear(seed: 4, lines: 2_000));
        other.ExitCode.ShouldBe(1);
        other.Errors.ShouldContain("needs a store of its own");
        (await store.CountEventsAsync()).ShouldBe(events);
    }

    [Fact]
    public async Task Two_imports_at_once_write_each_event_once()
    {
        var store = await ImportedStore.CreateAsync(postgres);
        var file = ImportedStore.GenerateYear(seed: 5, lines: 20_000);
        var both = await Task.WhenAll(store.ImportAsync(file), store.ImportAsync(file));
        both.Select(result => result.ExitCode).ShouldBeSubsetOf([0, 1]);
        both.Where(result => result.ExitCode == 1).ShouldAllBe(result => result.Errors.Contains("Another import is running"));

        var result = await store.ImportAsync(file);
        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain(BooksBalance);
    }

    [Fact]
    public async Task A_broken_file_names_file_and_line_and_leaves_nothing_behind()
    {
        var store = await ImportedStore.CreateAsync(postgres);
        var broken = Path.Combine(Directory.CreateTempSubdirectory("broken").FullName, "broken.csv.gz");
        await using (var target = File.Create(broken))
        await using (var packed = new GZipStream(target, CompressionLevel.Fastest))
        await using (var source = File.OpenRead(ImportedStore.GenerateYear(seed: 6, lines: 5_000)))
            await source.CopyToAsync(packed);
        var bytes = await File.ReadAllBytesAsync(broken);
        await File.WriteAllBytesAsync(broken, bytes[..(bytes.Length * 2 / 3)]);

        var result = await store.ImportAsync(broken);
        result.ExitCode.ShouldBe(1);
        result.Errors.ShouldContain("broken.csv.gz");
        result.Errors.ShouldContain("line");
        (await store.CountEventsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_difference_behind_the_projections_back_is_shown_and_ends_with_code_1()
    {
        var store = await ImportedStore.CreateAsync(postgres);
        (await store.ImportAsync(ImportedStore.GenerateYear(seed: 8, lines: 1_000))).ExitCode.ShouldBe(0);
        await store.ExecuteAsync("update storefront_orders_g1.orders set country = 'Atlantis' where order_id = (select min(order_id) from storefront_orders_g1.orders)");

        var verified = await store.RunAsync("verify", "storefront_orders");
        verified.ExitCode.ShouldBe(1);
        verified.Output.ShouldContain("Atlantis");

        (await store.RunAsync("rebuild", "storefront_orders")).ExitCode.ShouldBe(0);
        (await store.RunAsync("verify", "storefront_orders")).ExitCode.ShouldBe(0);
    }

    private static IEnumerable<string> ReadReal()
    {
        using var packed = new GZipStream(File.OpenRead(RealData.OnlineRetail), CompressionMode.Decompress);
        using var text = new StreamReader(packed);
        while (text.ReadLine() is { } line) yield return line;
    }
}
