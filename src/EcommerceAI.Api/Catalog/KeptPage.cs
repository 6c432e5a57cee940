using EcommerceAI.Api.Http;

namespace EcommerceAI.Api.Catalog;

/// <summary>A product's page as it goes out.</summary>
/// <param name="View">What it shows.</param>
/// <param name="Body">The same, written.</param>
/// <param name="Position">Position in the log that it was read at.</param>
internal sealed record KeptPage(ProductView View, ResourceBody Body, long Position)
{
    /// <summary>The page in a language, or as it is where none is asked for or it has none of its texts.</summary>
    /// <param name="locale">Language tag, or null.</param>
    /// <param name="context">The request.</param>
    public ResourceBody In(string? locale, HttpContext context)
    {
        var translated = locale is null ? View.Product : View.Product.In(locale);
        return ReferenceEquals(translated, View.Product)
            ? Body
            : ResourceBody.Of(context, View with { Product = translated }, translated.Version, showsMore: true);
    }

    /// <summary>Whether it is sold in a channel; null for any.</summary>
    /// <param name="channel">The channel.</param>
    public bool IsSoldIn(string? channel) => channel is null || View.Product.Channels is not { } channels || channels.Contains(channel);
}
