using EcommerceAI.Search.Elasticsearch;
using EcommerceAI.Search.Qdrant;
using EcommerceAI.Search.Rest;
using EcommerceAI.Search.Text;
using EcommerceAI.Search.Vectors;
using Microsoft.Extensions.Configuration;

namespace EcommerceAI.Search.Queries;

/// <summary>
/// Which engines search, by configuration. <c>Search:TextEngine</c> is <c>Embedded</c> (the default) or <c>Elasticsearch</c>,
/// <c>Search:VectorEngine</c> is <c>Embedded</c> (the default) or <c>Qdrant</c>. An engine outside takes, under
/// <c>Search:Elasticsearch</c> or <c>Search:Qdrant</c>: <c>Url</c>, <c>ApiKey</c>, <c>CertificateAuthorities</c> (a PEM file) and
/// <c>Alias</c>, one for each host.
/// </summary>
public static class SearchEngines
{
    private const string Embedded = "Embedded";

    /// <summary>An empty text index.</summary>
    /// <param name="configuration">The host's configuration; null for the default.</param>
    /// <param name="options">What is searched.</param>
    /// <exception cref="InvalidOperationException">The configuration names no engine there is, or not what it needs.</exception>
    public static ITextIndex Text(IConfiguration? configuration, TextIndexOptions options) =>
        IsEmbedded(configuration, "Search:TextEngine", "Elasticsearch") ? new EmbeddedTextIndex(options)
            : new ElasticsearchTextIndex(new()
            {
                Engine = Engine(configuration!, "Search:Elasticsearch"),
                Text = options,
                Alias = configuration!["Search:Elasticsearch:Alias"] ?? "documents",
            });

    /// <summary>What makes an empty vector index of so many dimensions.</summary>
    /// <param name="configuration">The host's configuration; null for the default.</param>
    /// <param name="keywordFields">Keyword fields that filters name.</param>
    /// <param name="numberFields">Number fields that filters name.</param>
    /// <exception cref="InvalidOperationException">The configuration names no engine there is, or not what it needs.</exception>
    public static Func<int, IVectorIndex> Vectors(
        IConfiguration? configuration, IReadOnlyList<string> keywordFields, IReadOnlyList<string> numberFields)
    {
        if (IsEmbedded(configuration, "Search:VectorEngine", "Qdrant")) return dimensions => new EmbeddedVectorIndex(dimensions);
        var options = new QdrantOptions
        {
            Engine = Engine(configuration!, "Search:Qdrant"),
            Alias = configuration!["Search:Qdrant:Alias"] ?? "documents",
            KeywordFields = keywordFields,
            NumberFields = numberFields,
        };
        return dimensions => new QdrantVectorIndex(dimensions, options);
    }

    private static bool IsEmbedded(IConfiguration? configuration, string key, string other)
    {
        var engine = configuration?[key] ?? Embedded;
        if (engine.Equals(Embedded, StringComparison.OrdinalIgnoreCase)) return true;
        return engine.Equals(other, StringComparison.OrdinalIgnoreCase) ? false
            : throw new InvalidOperationException($"{key} is '{Embedded}' or '{other}', not '{engine}'.");
    }

    private static EngineOptions Engine(IConfiguration configuration, string section)
    {
        var (url, authorities) = (configuration[$"{section}:Url"], configuration[$"{section}:CertificateAuthorities"]);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
            throw new InvalidOperationException($"{section}:Url must be the engine's address, not '{url}'.");
        var options = new EngineOptions { Endpoint = address, ApiKey = configuration[$"{section}:ApiKey"], CertificateAuthorities = authorities };
        if (EngineOptions.WhatIsWrongWith(options) is { } wrong) throw new InvalidOperationException($"{section}: {wrong}");
        if (authorities is not null && !File.Exists(authorities))
            throw new InvalidOperationException($"{section}:CertificateAuthorities must be a file, '{authorities}' is not there.");
        return options;
    }
}
