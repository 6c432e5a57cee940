using System.Text;
using EcommerceAI.Search.Qdrant;
using EcommerceAI.Search.Rest;

namespace EcommerceAI.Search.Tests.Engines;

/// <summary>What the Qdrant engine does when Qdrant does not do what it should.</summary>
public sealed class QdrantTests : IAsyncLifetime
{
    private readonly DescribedQdrant _qdrant = new();
    private FaultyServer _server = null!;
    private QdrantVectorIndex _index = null!;

    public async Task InitializeAsync()
    {
        _server = await FaultyServer.StartAsync(_qdrant.Answer);
        _index = new(2, VectorEngineTests.OptionsFor(_server.Address, Impatient));
    }

    public async Task DisposeAsync()
    {
        _index.Dispose();
        await _server.DisposeAsync();
        _qdrant.Dispose();
    }

    [Fact]
    public async Task An_overloaded_engine_is_written_to_again_until_it_takes_the_batch()
    {
        await WriteAsync(1, "first");
        FailTimes(3, "points/batch", new(429, null));

        (await WriteAsync(1, "a", "b")).ShouldAllBe(r => r.Status == WriteStatus.Applied);

        (await _index.CountAsync()).ShouldBe(3);
        _server.Requests.Count(r => r.Path.EndsWith("points/batch", StringComparison.Ordinal)).ShouldBe(5);
    }

    [Fact]
    public async Task A_write_whose_reply_was_lost_is_done_once()
    {
        await WriteAsync(1, "first");
        var lost = 0;
        _server.Fault = (request, _) =>
        {
            if (!request.Path.EndsWith("points/batch", StringComparison.Ordinal) || lost++ > 0) return Task.FromResult<EngineResponse?>(null);
            _qdrant.Answer(request).Status.ShouldBe(200);
            return Task.FromResult<EngineResponse?>(new(503, null));
        };

        (await WriteAsync(1, "a")).Single().Status.ShouldBe(WriteStatus.Applied);

        (await _index.CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task One_point_that_is_refused_fails_alone_and_says_why()
    {
        _qdrant.Refused.Add("d3");

        var results = await WriteAsync(1, [.. Enumerable.Range(0, 10).Select(i => $"d{i}")]);

        for (var i = 0; i < 10; i++) results[i].Status.ShouldBe(i == 3 ? WriteStatus.Failed : WriteStatus.Applied);
        results[3].Error.ShouldNotBeNull().ShouldContain("cannot take the point");
        (await _index.CountAsync()).ShouldBe(9);
    }

    [Fact]
    public async Task A_search_is_not_tried_again_and_names_the_fault()
    {
        await WriteAsync(1, "a");
        FailTimes(1, "points/query", new(500, new { status = new { error = "out of memory" } }));
        var before = _server.Requests.Count;

        var failure = await Should.ThrowAsync<EngineException>(SearchAsync);

        failure.Message.ShouldContain("out of memory");
        _server.Requests.Count.ShouldBe(before + 1);
        (await SearchAsync()).Single().Id.ShouldBe("a");
    }

    [Fact]
    public async Task A_slow_reply_ends_at_the_time_limit()
    {
        await WriteAsync(1, "a");
        using var index = new QdrantVectorIndex(2, VectorEngineTests.OptionsFor(
            _server.Address, address => new() { Endpoint = address, AttemptTimeout = TimeSpan.FromMilliseconds(300), WriteRetries = 0 }));
        _server.Fault = async (_, aborted) =>
        {
            await Task.Delay(Timeout.Infinite, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new(503, null);
        };

        (await Should.ThrowAsync<EngineException>(async () => await index.CountAsync())).Message.ShouldContain("did not answer within 0.3 s");
    }

    [Fact]
    public async Task An_engine_that_is_down_is_not_asked_until_it_may_be_up_again_and_then_answers()
    {
        await WriteAsync(1, "a");
        FailTimes(int.MaxValue, "", new(503, null));
        // What went well before counts too: it takes as many failures.
        var opened = false;
        for (var i = 0; i < 100 && !opened; i++)
            opened = (await Should.ThrowAsync<EngineException>(SearchAsync)).Message.Contains("taken to be down", StringComparison.Ordinal);
        var asked = _server.Requests.Count;

        (await Should.ThrowAsync<EngineException>(SearchAsync)).Message.ShouldContain("taken to be down");
        _server.Requests.Count.ShouldBe(asked);

        _server.Fault = (_, _) => Task.FromResult<EngineResponse?>(null);
        (await UntilAnsweredAsync()).Single().Id.ShouldBe("a");
        (await _index.WhatAilsItAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_wrong_key_is_said_at_once_and_the_right_one_is_sent()
    {
        _server.Fault = (request, _) => Task.FromResult<EngineResponse?>(request.Headers["api-key"] == "secret" ? null : new(401, null));
        using var right = new QdrantVectorIndex(2, VectorEngineTests.OptionsFor(_server.Address, address => new() { Endpoint = address, ApiKey = "secret" }));
        using var wrong = new QdrantVectorIndex(2, VectorEngineTests.OptionsFor(_server.Address, address => new() { Endpoint = address, ApiKey = "guess" }));

        (await right.CountAsync()).ShouldBe(0);
        (await Should.ThrowAsync<EngineException>(async () => await wrong.CountAsync())).Message.ShouldContain("401");
    }

    [Fact]
    public async Task A_reindex_goes_to_a_collection_of_its_own_and_takes_the_alias_in_one_step()
    {
        await WriteAsync(1, "a");
        await _index.PublishAsync();
        using var next = new QdrantVectorIndex(2, VectorEngineTests.OptionsFor(_server.Address));
        await next.WriteAsync([VectorWrite.Upsert("b", 1, new float[] { 1, 0 })]);
        _qdrant.Behind("products").ShouldBe(_index.Collection);

        await next.PublishAsync();
        await next.PublishAsync();

        _qdrant.Behind("products").ShouldBe(next.Collection);
        // Searches that began before the change still find what they began with.
        (await SearchAsync()).Single().Id.ShouldBe("a");
        using var last = new QdrantVectorIndex(2, VectorEngineTests.OptionsFor(_server.Address));
        await last.PublishAsync();
        _qdrant.Collections.ShouldBe([next.Collection, last.Collection], ignoreOrder: true);
        _qdrant.Violations.ShouldBeEmpty();
    }

    [Fact]
    public void A_misspelt_property_or_parameter_breaks_the_contract()
    {
        static EngineRequest Query(string body, params string[] parameters) =>
            new("POST", "/collections/c/points/query", parameters, Encoding.UTF8.GetBytes(body), new Microsoft.AspNetCore.Http.HeaderDictionary());

        _qdrant.Answer(Query("""{"query": [1, 0], "limit": 3, "limt": 3}""")).Status.ShouldBe(400);
        _qdrant.Answer(Query("""{"query": [1, 0], "filter": {"must": [{"key": "k", "match": {"anny": ["a"]}}]}}""")).Status.ShouldBe(400);
        _qdrant.Answer(Query("""{"query": [1, 0], "params": {"exact": "yes"}}""")).Status.ShouldBe(400);
        _qdrant.Answer(Query("""{"query": [1, 0]}""", "waite")).Status.ShouldBe(400);
        _qdrant.Answer(Query("""{"query": [1, 0], "limit": 0}""")).Status.ShouldBe(400);
        // One violation at least for each version described.
        _qdrant.Violations.Count.ShouldBeGreaterThanOrEqualTo(10);
        _qdrant.Answer(Query("""{"query": [1, 0], "limit": 3}""")).Status.ShouldBe(404);
    }

    private static EngineOptions Impatient(Uri address) => new()
    {
        Endpoint = address,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        FailuresToBreak = 4,
        BreakDuration = TimeSpan.FromMilliseconds(500),
    };

    private void FailTimes(int times, string path, EngineResponse response)
    {
        var left = times;
        _server.Fault = (request, _) => Task.FromResult(request.Path.EndsWith(path, StringComparison.Ordinal) && left-- > 0 ? response : null);
    }

    private async Task<IReadOnlyList<WriteResult>> WriteAsync(long version, params string[] ids) =>
        await _index.WriteAsync([.. ids.Select(id => VectorWrite.Upsert(id, version, new float[] { 1, 0 }))]);

    private async Task<IReadOnlyList<VectorHit>> SearchAsync() => await _index.SearchAsync(new(new float[] { 1, 0 }, 5));

    private async Task<IReadOnlyList<VectorHit>> UntilAnsweredAsync()
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(30); ;)
            try
            {
                return await SearchAsync();
            }
            catch (EngineException) when (DateTime.UtcNow < deadline)
            {
                await Task.Delay(50);
            }
    }
}
