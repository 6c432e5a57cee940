using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcommerceAI.EventSourcing.Store;
using Microsoft.Extensions.DependencyInjection;

namespace EcommerceAI.Api.Tests;

/// <summary>
/// Hostile input in every text of every command that the OpenAPI document lists: it is refused by the field's name, or stored as it
/// came. A new field, and a new command with its sample, are covered by themselves.
/// </summary>
public sealed class FuzzTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static TheoryData<string> Operations => [.. CommandSamples.Bodies.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Hostile_text_in_any_field_is_refused_by_its_name_or_stored_intact(string operation)
    {
        var (target, end) = await PrepareAsync(operation);
        var fields = new StringFields(target.Document);
        var failures = new List<string>();
        foreach (var (number, field) in fields.Of(target.Schema).Index())
        {
            foreach (var hostile in HostileText.In(operation.Length + number))
            {
                var reply = await SendAsync(target, fields, field, hostile);
                // What was accepted before may have used the sample up.
                if (reply.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
                {
                    (target, end) = await PrepareAsync(operation);
                    reply = await SendAsync(target, fields, field, hostile);
                }

                if (await FaultOfAsync(reply, StringFields.PathOf(field), hostile, end) is { } fault)
                    failures.Add($"{StringFields.PathOf(field)}, {hostile.Name}: {fault}");
                if (reply.Headers.Contains("Event-Position")) end = reply.Position;
            }
        }

        failures.ShouldBeEmpty();
    }

    /// <summary>A sample with all that it needs, and the end of the log after that.</summary>
    private async Task<(BadInputTests.Target Target, long End)> PrepareAsync(string operation) =>
        (await new BadInputTests(api).PrepareAsync(operation), await api.QueryAsync<long>("select coalesce(max(seq_id), 0) from events.mt_events"));

    private async Task<Reply> SendAsync(BadInputTests.Target target, StringFields fields, object[] field, HostileText hostile)
    {
        var body = fields.With(target.Body, target.Schema, field, hostile.Json);
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return await api.Client.SendAsync(target.Method, target.Path, content).WaitAsync(Patience);
    }

    private async Task<string?> FaultOfAsync(Reply reply, string path, HostileText hostile, long end)
    {
        switch ((int)reply.Status)
        {
            case 200 or 201:
                if (hostile.Text is not { } text) return "accepted";
                var stored = await ReadTextsAsync(end);
                return stored.Count == 0 || stored.Contains(text) ? null : $"stored as something else: {string.Join(" | ", stored.Select(Shown))}";
            case >= 400 and <= 499:
                if (reply.ContentType != "application/problem+json" || reply.Code is not { Length: > 0 } code) return $"{(int)reply.Status} without a problem: {Shown(reply.Body)}";
                // Bytes that are no JSON have no fields, and what is not there or not free has been looked at in sound fields.
                return code is "malformed_json" or "body_too_large" || reply.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict || Names(reply, path)
                    ? null
                    : $"{(int)reply.Status} names no such field: {Shown(reply.Body)}";
            default:
                return $"{(int)reply.Status}: {Shown(reply.Body)}";
        }
    }

    /// <summary>Whether the field is named, or what it is in: of an object that must not be there at all no more needs to be said.</summary>
    private static bool Names(Reply reply, string path) => reply.Json["errors"] is JsonObject errors
        && errors.Any(error => error.Key.StartsWith(path, StringComparison.Ordinal) || path.StartsWith($"{error.Key}.", StringComparison.Ordinal) || IsBeside(error.Key, path));

    /// <summary>An entry of a list that the sample does not have is made up as a whole, so a field beside this one may be refused for it.</summary>
    private static bool IsBeside(string other, string path)
    {
        var end = path.LastIndexOf("].", StringComparison.Ordinal);
        return end > 0 && other.StartsWith(path[..(end + 2)], StringComparison.Ordinal);
    }

    /// <summary>The texts of what the log got since, opened where they are sealed.</summary>
    private async Task<HashSet<string>> ReadTextsAsync(long after)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var recorded in api.Services.GetRequiredService<EventStore>().ReadAllAsync(after))
            Collect(JsonSerializer.SerializeToNode(recorded.Data, recorded.Data.GetType(), EventSerializer.Options), texts);
        return texts;
    }

    private static void Collect(JsonNode? node, HashSet<string> texts)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, member) in members) Collect(member, texts);
                break;
            case JsonArray items:
                foreach (var item in items) Collect(item, texts);
                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                texts.Add(text);
                break;
        }
    }

    private static string Shown(string text) => text.Length <= 300 ? text : $"{text[..300]}…";
}
