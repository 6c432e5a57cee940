using System.Globalization;
using System.Text.Json.Nodes;

namespace EcommerceAI.Api.Tests.Model;

/// <summary>What the clients of a run share: the API, the products, the clock and what they have seen.</summary>
internal sealed class ShopRun(ApiFixture api, int seed, int products)
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<ShopCall> _calls = new();
    private long _now;

    public ApiFixture Api => api;

    public int Seed => seed;

    /// <summary>SKUs that no other run has.</summary>
    public string[] Skus { get; } = [.. Enumerable.Range(0, products).Select(_ => ApiClient.NewSku())];

    public IReadOnlyCollection<ShopCall> Calls => _calls;

    public long Tick() => Interlocked.Increment(ref _now);

    public void Note(ShopCall call) => _calls.Enqueue(call);
}

/// <summary>
/// Sends commands as real clients do: again under the same key, twice at once, hanging up before the reply and asking anew. Only the last
/// reply counts, and every reply to one key must be the same.
/// </summary>
internal sealed class ShopConnection(ShopRun run, string name, Random random)
{
    // These go on after the command and are not part of its receipt.
    private static readonly string[] Later = ["state", "hasLeft"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private int _keys;

    public async Task<ShopCall> SendAsync(ApiClient client, ShopCommand command)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{run.Seed}-{name}-{++_keys}");
        var (sentAt, started) = (run.Tick(), System.Diagnostics.Stopwatch.GetTimestamp());
        var way = random.Next(16);
        if (way == 0) await HangUpAsync(client, command, key);
        var twin = way == 1 ? UntilAnsweredAsync(client, command, key) : null;
        var reply = await UntilAnsweredAsync(client, command, key);
        var call = new ShopCall(command, name, sentAt) { Reply = reply, AnsweredAt = run.Tick(), Took = System.Diagnostics.Stopwatch.GetElapsedTime(started) };
        run.Note(call);
        if (twin is not null) ShouldAgree(call, await twin);
        if (way == 2) ShouldAgree(call, await UntilAnsweredAsync(client, command, key));
        return call;
    }

    private async Task HangUpAsync(ApiClient client, ShopCommand command, string key)
    {
        using var request = RequestOf(command, key);
        using var hangUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.NextDouble() * 6));
        try
        {
            using var reply = await client.Http.SendAsync(request, hangUp.Token);
        }
        catch (OperationCanceledException)
        {
            // Nobody knows what became of it.
        }
    }

    private static async Task<Reply> UntilAnsweredAsync(ApiClient client, ShopCommand command, string key)
    {
        while (true)
        {
            var reply = await client.SendAsync(command.Method, command.Path, ApiClient.Json(command.Body), ("Idempotency-Key", key)).WaitAsync(Patience);
            if (reply.Status != HttpStatusCode.ServiceUnavailable && (reply.Status != HttpStatusCode.Conflict || reply.Code != "idempotency_key_in_flight")) return reply;
            await Task.Delay(5);
        }
    }

    private static HttpRequestMessage RequestOf(ShopCommand command, string key)
    {
        var request = new HttpRequestMessage(command.Method, command.Path) { Content = ApiClient.Json(command.Body) };
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    private static void ShouldAgree(ShopCall call, Reply other)
    {
        (other.Status, other.ETag).ShouldBe((call.Reply.Status, call.Reply.ETag), $"Another answer to the same key: {call}");
        if (call.IsAccepted) Lasting(other).ShouldBe(Lasting(call.Reply), $"Another answer to the same key: {call}");
        else other.Code.ShouldBe(call.Reply.Code, $"Another answer to the same key: {call}");
    }

    private static string Lasting(Reply reply)
    {
        var body = reply.Json;
        foreach (var name in Later) (body as JsonObject)?.Remove(name);
        return body.ToJsonString();
    }
}
