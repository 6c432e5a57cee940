using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcommerceAI.Api.Tests;

/// <summary>Hostile paths, queries and headers of every endpoint, commands and queries alike: never a fault of the server, never a hang.</summary>
public sealed partial class FuzzRequestTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] Texts =
    [
        "", "%00", "a%00b", "%ED%A0%80", "%C0%AF", "%F5%80%80%80", "%E2%82", "%", "%zz", "%2500", "..%2f..%2fetc%2fpasswd", "%E2%80%AE%D9%85", "%F0%9F%98%80", "%EF%BF%BE",
        "'%3B%20drop%20table%20x%3B--", "%3Cscript%3E", "%0D%0ASet-Cookie:%20a=b", "{0}", "$1", "-1", "9".PadRight(400, '9'), "1e400", "NaN", "0x10", "\u0001", "\u00ff",
        "x".PadRight(3_000, 'x'), "x".PadRight(20_000, 'x'),
    ];

    private static readonly byte[][] Headers =
    [
        [], [0x01], [0x00], [0x7F], [0xFF, 0xFE], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82], "é😀"u8.ToArray(), " "u8.ToArray(), "\t\"\t"u8.ToArray(), "\""u8.ToArray(),
        "W/\"\""u8.ToArray(), "\"1\",,\"2\""u8.ToArray(), "*, *"u8.ToArray(), "'; drop table x; --"u8.ToArray(), "-1"u8.ToArray(), "1, 2"u8.ToArray(), "1e9"u8.ToArray(),
        "99999999999999999999999999"u8.ToArray(), "\"99999999999999999999999999\""u8.ToArray(), Many('k', 255), Many('k', 256), Many('k', 8_000), Many('k', 40_000), Listed(2_000),
    ];

    /// <summary>What every request may carry, whatever it asks for: tried with one endpoint.</summary>
    private static readonly string[] Usual = ["Authorization", "Accept", "Accept-Encoding", "traceparent", "tracestate", "X-Forwarded-For", "Cookie", "Expect"];

    private byte[] Token => Encoding.ASCII.GetBytes(api.Client.Http.DefaultRequestHeaders.Authorization!.ToString());

    [Fact]
    public async Task Hostile_paths_are_refused_or_name_nothing() => await AskAllAsync(
        (path, _) => Parameter().Matches(path).SelectMany(_ => Texts, (parameter, text) => Request(Fill(path, parameter.Value, text))));

    [Fact]
    public async Task Hostile_queries_are_refused_or_find_nothing() => await AskAllAsync(
        (path, operation) => Named(operation, "query").SelectMany(_ => Texts, (name, text) => Request($"{Fill(path, "", "")}?{name}={text}&{name}=")));

    [Fact]
    public async Task Hostile_headers_are_refused_or_passed_over() => await AskAllAsync(
        (path, operation) => Named(operation, "header").Concat((string?)operation["operationId"] == "PlaceOrder" ? Usual : [])
            .SelectMany(_ => Headers, (name, value) => (Fill(path, "", ""), (IReadOnlyList<(string, byte[])>)[(name, value)])));

    private static (string Target, IReadOnlyList<(string Name, byte[] Value)> Headers) Request(string target) => (target, []);

    private async Task AskAllAsync(Func<string, JsonNode, IEnumerable<(string Target, IReadOnlyList<(string Name, byte[] Value)> Headers)>> requestsOf)
    {
        var server = api.Client.Http.BaseAddress!;
        var requests = (await OpenApiRoutes.ReadAsync(api.Client)).SelectMany(route =>
        {
            var space = route.Route.IndexOf(' ', StringComparison.Ordinal);
            return requestsOf(route.Route[(space + 1)..], route.Operation).Select(request => (Method: route.Route[..space], Id: (string)route.Operation["operationId"]!, request.Target, request.Headers));
        });
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        var asked = 0;
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (request, _) =>
        {
            Interlocked.Increment(ref asked);
            IReadOnlyList<(string Name, byte[] Value)> headers = request.Headers.Any(header => header.Name == "Authorization") ? request.Headers : [.. request.Headers, ("Authorization", Token)];
            var body = request.Method == "GET" ? null : Encoding.UTF8.GetBytes(CommandSamples.Bodies.GetValueOrDefault(request.Id, "{}").Replace("{soon}", "2099-01-01T00:00:00Z", StringComparison.Ordinal));
            var status = await RawRequest.SendAsync(server, request.Method, request.Target, headers, body);
            // Whoever expects 100 (Continue) gets that first.
            if (status is (< 200 or >= 500) and not 100)
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"{status}: {request.Method} {Shown(request.Target)} {string.Join(' ', request.Headers.Select(header => $"{header.Name}: {Shown(Encoding.Latin1.GetString(header.Value))}"))}"));
        });

        asked.ShouldBeGreaterThan(100);
        failures.ShouldBeEmpty();
    }

    private static string Fill(string path, string parameter, string text) =>
        Parameter().Replace(path, found => found.Value == parameter ? text : "none-1");

    private static IEnumerable<string> Named(JsonNode operation, string place) =>
        (operation["parameters"]?.AsArray() ?? []).Where(parameter => (string?)parameter!["in"] == place).Select(parameter => (string)parameter!["name"]!);

    private static byte[] Many(char c, int count) => Encoding.ASCII.GetBytes(new string(c, count));

    private static byte[] Listed(int count) => Encoding.ASCII.GetBytes(string.Join(", ", Enumerable.Repeat("\"1\"", count)));

    private static string Shown(string text) => text.Length <= 100 ? text : $"{text[..100]}… ({text.Length})";

    [GeneratedRegex(@"\{\w+\}", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
