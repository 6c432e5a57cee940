using System.Text;
using EcommerceAI.Search.Elasticsearch;
using EcommerceAI.Search.Rest;

namespace EcommerceAI.Search.Tests.Engines;

/// <summary>One suite for every text engine, and what Elasticsearch's does when that does not do what it should.</summary>
public sealed class TextEngineTests
{
    public static TheoryData<string> Behaviours => TextBehaviours.Names;

    [Theory]
    [MemberData(nameof(Behaviours))]
    public Task The_embedded_index(string behaviour) => TextBehaviours.RunAsync(behaviour, Documents.TitleIndex());

    [DescribedTheory]
    [MemberData(nameof(Behaviours))]
    public async Task Elasticsearch_as_it_is_described(string behaviour)
    {
        var elasticsearch = new DescribedElasticsearch();
        await using var server = await FaultyServer.StartAsync(elasticsearch.Answer);
        using var index = Index(server.Address);

        await TextBehaviours.RunAsync(behaviour, index);
        await index.PublishAsync();

        elasticsearch.Violations.ShouldBeEmpty();
        elasticsearch.Behind("products").ShouldBe(index.Index);
        elasticsearch.OpenMoments.ShouldBe(0);
    }

    [ServerTheory("ELASTICSEARCH_URL")]
    [MemberData(nameof(Behaviours))]
    public async Task Elasticsearch_as_it_is(string behaviour)
    {
        using var index = Index(new(Environment.GetEnvironmentVariable("ELASTICSEARCH_URL")!));

        await TextBehaviours.RunAsync(behaviour, index);
        // Deletes what the behaviour before the last has left.
        await index.PublishAsync();
    }

    [DescribedFact]
    public async Task Items_that_an_overloaded_node_turns_away_are_sent_again_and_only_those()
    {
        var elasticsearch = new DescribedElasticsearch();
        await using var server = await FaultyServer.StartAsync(elasticsearch.Answer);
        using var index = Index(server.Address);
        var tries = new Dictionary<string, int>();
        elasticsearch.TurnAway = id =>
        {
            tries[id] = tries.GetValueOrDefault(id) + 1;
            return id switch { "d1" or "d2" when tries[id] < 3 => 429, "d5" => 400, _ => null };
        };

        var results = await index.WriteAsync([.. Enumerable.Range(0, 8).Select(i => DocumentWrite.Upsert(Documents.Titled($"d{i}", "lamp")))]);

        for (var i = 0; i < 8; i++) results[i].Status.ShouldBe(i == 5 ? WriteStatus.Failed : WriteStatus.Applied);
        results[5].Error.ShouldNotBeNull().ShouldContain("[d5]: turned away");
        (tries["d0"], tries["d1"], tries["d5"]).ShouldBe((1, 3, 1));
        (await index.CountAsync()).ShouldBe(7);
    }

    [DescribedFact]
    public async Task An_overload_that_does_not_end_is_an_error_and_the_same_batch_is_whole_after_recovery()
    {
        var elasticsearch = new DescribedElasticsearch { TurnAway = id => id == "d3" ? 429 : null };
        await using var server = await FaultyServer.StartAsync(elasticsearch.Answer);
        using var index = Index(server.Address);
        DocumentWrite[] batch = [.. Enumerable.Range(0, 6).Select(i => DocumentWrite.Upsert(Documents.Titled($"d{i}", "lamp")))];

        (await Should.ThrowAsync<EngineException>(async () => await index.WriteAsync(batch))).Message.ShouldContain("overloaded");
        elasticsearch.TurnAway = _ => null;

        (await index.WriteAsync(batch)).ShouldAllBe(r => r.Status == WriteStatus.Applied);
        (await index.CountAsync()).ShouldBe(6);
    }

    [DescribedFact]
    public async Task A_search_that_meets_an_error_says_so_and_the_next_finds()
    {
        var elasticsearch = new DescribedElasticsearch();
        await using var server = await FaultyServer.StartAsync(elasticsearch.Answer);
        using var index = Index(server.Address);
        await index.WriteAsync([DocumentWrite.Upsert(Documents.Titled("a", "lamp"))]);
        server.Fault = (_, _) => Task.FromResult<EngineResponse?>(new(503, new { error = new { type = "cluster_block_exception" } }));

        (await Should.ThrowAsync<EngineException>(async () => await index.IdsAsync("lamp"))).Message.ShouldContain("cluster_block_exception");
        server.Fault = (_, _) => Task.FromResult<EngineResponse?>(null);

        (await index.IdsAsync("lamp")).ShouldBe(["a"]);
    }

    [DescribedFact]
    public async Task A_reindex_takes_the_alias_in_one_step_and_leaves_the_last_for_those_still_searching()
    {
        var elasticsearch = new DescribedElasticsearch();
        await using var server = await FaultyServer.StartAsync(elasticsearch.Answer);
        using var first = Index(server.Address);
        using var second = Index(server.Address);
        using var third = Index(server.Address);

        await first.PublishAsync();
        await second.PublishAsync();
        (await first.CountAsync()).ShouldBe(0);
        await third.PublishAsync();
        await third.PublishAsync();

        elasticsearch.Behind("products").ShouldBe(third.Index);
        elasticsearch.Indexes.ShouldBe([second.Index, third.Index], ignoreOrder: true);
        elasticsearch.Violations.ShouldBeEmpty();
    }

    [DescribedFact]
    public async Task Health_says_what_ails_it()
    {
        var elasticsearch = new DescribedElasticsearch();
        await using var server = await FaultyServer.StartAsync(elasticsearch.Answer);
        using var index = Index(server.Address);

        (await index.WhatAilsItAsync()).ShouldBeNull();
        elasticsearch.Status = "red";
        (await index.WhatAilsItAsync()).ShouldNotBeNull().ShouldContain("red");
        await server.DisposeAsync();
        (await index.WhatAilsItAsync()).ShouldNotBeNull().ShouldContain("cannot be reached");
        elasticsearch.Violations.ShouldBeEmpty();
    }

    [DescribedFact]
    public void A_misspelt_property_or_parameter_breaks_the_contract()
    {
        var elasticsearch = new DescribedElasticsearch();
        int Ask(string path, string body, params string[] parameters) =>
            elasticsearch.Answer(new("POST", path, parameters, Encoding.UTF8.GetBytes(body), new Microsoft.AspNetCore.Http.HeaderDictionary())).Status;

        Ask("/i/_search", """{"qeury": {"match_all": {}}}""").ShouldBe(400);
        Ask("/i/_search", """{"query": {"combined_fields": {"query": "a", "feilds": ["b"]}}}""").ShouldBe(400);
        Ask("/i/_search", """{"query": {"bool": {"shuold": []}}}""").ShouldBe(400);
        Ask("/i/_search", "{}", "sise").ShouldBe(400);
        Ask("/i/_bulk", "{\"index\": {\"_id\": \"1\", \"versoin\": 3}}\n{}\n").ShouldBe(400);
        Ask("/i/_count", """{"query": {"term": {"a": "b"}}}""").ShouldBe(404);
    }

    private static ElasticsearchTextIndex Index(Uri address) => new(new()
    {
        Engine = new EngineOptions { Endpoint = address, ApiKey = Environment.GetEnvironmentVariable("ELASTICSEARCH_API_KEY"), RetryDelay = TimeSpan.FromMilliseconds(1) },
        Text = new() { Fields = [new("title", 3)], CodeFields = ["code"] },
        Alias = "products",
    });
}
