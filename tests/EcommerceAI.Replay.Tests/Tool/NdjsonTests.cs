using System.IO.Compression;
using System.Text;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.Import.Ndjson;
using EcommerceAI.Replay.Tests.Import;
using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.Tool;

public sealed class NdjsonTests(ToolFixture tool) : IClassFixture<ToolFixture>
{
    private const string Event =
        """{"position":7,"stream":"a-1","version":1,"id":"0198c0de-0000-7000-8000-000000000001","type":"made","timestamp":"2011-06-01T00:00:00Z","data":{"n": 1.10}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("ndjson").FullName;

    [Fact]
    public async Task An_export_that_is_imported_and_exported_again_is_the_same_file_compressed_or_not()
    {
        var shop = await tool.CreateShopAsync();
        await ToolFixture.ExecuteAsync(
            shop,
            """
            select nextval('events.mt_events_sequence');
            update events.mt_events set headers = '{"a": {"b": 1.00}}' where seq_id = 2;
            insert into events.mt_streams (id, version, type) values ('mt_tombstone', 0, 'Some.Type, Some'), ('x-é', 1, null);
            insert into events.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type)
            values (nextval('events.mt_events_sequence'), gen_random_uuid(), 'mt_tombstone', -7, '{}', 'tombstone', '2011-06-05T01:02:03.456789Z', null),
                   (nextval('events.mt_events_sequence'), gen_random_uuid(), 'x-é', 1, '{"t": "\\u001b </ü😀\"\\\\ ", "big": 123456789012345678901234567890.10, "e": 1e300}', 'foreign', now(), 'A, B');
            """);
        (await ToolFixture.RunAsync(shop, "archive", "product-B")).ExitCode.ShouldBe(0);
        var first = Path.Combine(_folder, "first.ndjson.gz");
        (await ToolFixture.RunAsync(shop, "export", first)).ExitCode.ShouldBe(0);

        var copy = await tool.CreateEmptyAsync();
        var imported = await ToolFixture.RunAsync(copy, "import", "ndjson", first);
        imported.ExitCode.ShouldBe(0, imported.ToString());
        imported.Output.ShouldContain("Imported 7 events in 5 streams; the last stands at position 8.");
        var second = Path.Combine(_folder, "second.ndjson");
        (await ToolFixture.RunAsync(copy, "export", second)).ExitCode.ShouldBe(0);
        (await File.ReadAllTextAsync(second)).ShouldBe(await UnzipAsync(first));
        (await ToolFixture.RunAsync(copy, "events", "--stream", "product-B")).Output.ShouldContain("(archived)");

        var again = await ToolFixture.RunAsync(copy, "import", "ndjson", second);
        (again.ExitCode, again.Errors.Contains("the store is not empty")).ShouldBe((1, true));
        var other = await tool.CreateShopAsync();
        var there = await ToolFixture.RunAsync(other, "import", "ndjson", second, "--append");
        (there.ExitCode, there.Errors.Contains("is there already")).ShouldBe((1, true));
    }

    [Fact]
    public async Task A_whole_imported_year_goes_round_with_its_positions_kept()
    {
        var source = new ImportedStore(await tool.CreateEmptyAsync());
        (await source.ImportAsync(ImportedStore.GenerateYear(seed: 6, lines: 1_500))).ExitCode.ShouldBe(0);
        var file = Path.Combine(_folder, "year.ndjson");
        (await source.RunAsync("export", file)).ExitCode.ShouldBe(0);
        var copy = new ImportedStore(await tool.CreateEmptyAsync());
        (await copy.RunAsync("import", "ndjson", file, "--keep-positions")).ExitCode.ShouldBe(0);
        (await copy.RunAsync("export", file + ".2")).ExitCode.ShouldBe(0);
        (await File.ReadAllTextAsync(file + ".2") == await File.ReadAllTextAsync(file)).ShouldBeTrue("the exports differ");
    }

    [Fact]
    public async Task A_file_that_is_broken_or_cut_off_is_told_by_its_line_and_nothing_is_written()
    {
        var shop = await tool.CreateEmptyAsync();
        async Task Refuse(string content, string expected)
        {
            var file = Path.Combine(_folder, "broken.ndjson");
            await File.WriteAllTextAsync(file, content);
            var result = await ToolFixture.RunAsync(shop, "import", "ndjson", file);
            (result.ExitCode, result.Errors.Trim()).ShouldBe((1, expected));
        }

        await Refuse($"{Event}\n\n{Event[..22]}", "Line 3: it is not JSON: Expected a value, but instead reached end of data. Nothing was imported.");
        await Refuse(
            $$"""{"kind":"stream","stream":"a-1","version":2,"created":"2011-06-01T00:00:00Z","changed":"2011-06-01T00:00:00Z"}""" + "\n" + Event,
            "Line 1: the stream 'a-1' should have 2 events and has 1; is the file cut off?. Nothing was imported.");
        await File.WriteAllBytesAsync(Path.Combine(_folder, "x.gz"), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        (await ToolFixture.RunAsync(shop, "import", "ndjson", Path.Combine(_folder, "x.gz"))).Errors.ShouldContain("the file cannot be read");
        (await ToolFixture.RunAsync(shop, "export", "-")).Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[]", "it is no JSON object")]
    [InlineData("{} {}", "it is not JSON")]
    [InlineData("""{"stream":"a","stream":"b"}""", "'stream' is there twice")]
    [InlineData("""{"colour":"red"}""", "'colour' is unknown")]
    [InlineData("""{"version":1.5}""", "'version' is no whole number")]
    [InlineData("""{"id":"7"}""", "'id' is no UUID")]
    [InlineData("""{"timestamp":"2011-06-01T00:00:00"}""", "'timestamp' is no moment with its offset")]
    [InlineData("""{"type":"a\u0000b"}""", "'type' holds U+0000")]
    [InlineData("""{"data":{"deep":["\ud800"]}}""", "'data' holds half a surrogate pair")]
    [InlineData("""{"data":{"\u0000":1}}""", "'data' holds U+0000")]
    [InlineData("""{"kind":"order","stream":"a"}""", "only 'stream' is known")]
    [InlineData("""{"kind":"stream","stream":"a","version":1,"created":"2011-06-01T00:00:00Z"}""", "'changed' is missing")]
    [InlineData("""{"stream":"a","version":1}""", "'type' is missing")]
    [InlineData("""{"archived":"yes"}""", "'archived' is neither true nor false")]
    public void A_line_that_is_none_of_an_export_says_what_is_wrong_with_it(string line, string expected)
    {
        var refusal = Should.Throw<LogImportException>(() => StoredLine.Parse(Encoding.UTF8.GetBytes(line), 12, out _));
        refusal.Line.ShouldBe(12);
        refusal.Message.ShouldContain(expected);
    }

    [Fact]
    public void Data_is_taken_to_the_letter()
    {
        StoredLine.Parse(Encoding.UTF8.GetBytes(Event), 1, out var parsed).ShouldBeNull();
        Encoding.UTF8.GetString(parsed!.Data).ShouldBe("""{"n": 1.10}""");
        (parsed.Position, parsed.StreamId, parsed.Version, parsed.Type, parsed.IsArchived).ShouldBe((7, "a-1", 1, "made", false));
        foreach (var data in new[] { "1", "\"x\"", "null", "[]", "[[1,2],{}]", "{\"a\":{\"b\":[]}}", "true" })
        {
            StoredLine.Parse(Encoding.UTF8.GetBytes(Event.Replace("{\"n\": 1.10}", $"{data},\"headers\":{data}", StringComparison.Ordinal)), 1, out parsed);
            (Encoding.UTF8.GetString(parsed!.Data), Encoding.UTF8.GetString(parsed.Headers!)).ShouldBe((data, data));
        }
    }

    [Fact]
    public async Task Lines_are_cut_at_every_line_end_wherever_the_pieces_of_the_file_end()
    {
        var text = string.Concat(Enumerable.Range(0, 300).Select(i => new string('x', i * 7 % 500) + (i % 3 == 0 ? "\r\n" : "\n"))) + "last";
        var lines = new List<(long, int)>();
        await foreach (var (number, line) in Lines.ReadAsync(new Slow(Encoding.UTF8.GetBytes(text)), CancellationToken.None))
            lines.Add((number, Encoding.UTF8.GetString(line.Span).TrimEnd('\r').Length));
        lines.ShouldBe([.. Enumerable.Range(0, 300).Select(i => (i + 1L, i * 7 % 500)).Where(line => line.Item2 > 0), (301, 4)]);
    }

    private static async Task<string> UnzipAsync(string file)
    {
        await using var stream = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Gives its content in pieces of one to thirteen bytes.</summary>
    private sealed class Slow(byte[] content) : MemoryStream(content)
    {
        private int _piece;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1 + (_piece++ % 13))], cancellationToken);
    }
}
