namespace EcommerceAI.Replay.Bench.Api;

/// <summary>Titles of a generated catalogue: what it is made of, what it looks like, what it is, what it is for.</summary>
internal static class CatalogueWords
{
    private static readonly string[][] Parts =
    [
        ["wooden", "glass", "ceramic", "enamel", "linen", "cotton", "woollen", "paper", "silver", "brass", "zinc", "bamboo", "leather", "felt", "wicker", "porcelain"],
        ["red", "blue", "green", "ivory", "pink", "black", "white", "spotty", "striped", "floral", "checked", "vintage", "retro", "small", "large", "giant", "tiny", "round"],
        [
            "mug", "bowl", "plate", "lantern", "candle", "cushion", "apron", "clock", "frame", "mirror", "basket", "teapot", "jug", "tray", "box", "tin", "bunting", "garland",
            "doormat", "hook", "shelf", "stool", "blanket", "scarf", "bag", "purse", "notebook", "pencil", "stamp", "ribbon", "card", "puzzle", "doll", "kite", "drum", "whistle",
        ],
        ["kitchen", "garden", "nursery", "party", "christmas", "wedding", "picnic", "travel", "office", "bathroom", "hallway", "school"],
    ];

    /// <summary>All words.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Parts.SelectMany(words => words)];

    /// <summary>The title of a product; different for any two below 124,416.</summary>
    /// <param name="number">The product's number, 0 or more.</param>
    public static string TitleOf(int number)
    {
        // By a step that shares no factor with the number of titles, so that neighbours differ in every word.
        const long step = 50_021;
        var titles = Parts.Aggregate(1L, (product, words) => product * words.Length);
        var rest = number * step % titles;
        var chosen = new string[Parts.Length];
        for (var i = 0; i < chosen.Length; i++) (chosen[i], rest) = (Parts[i][rest % Parts[i].Length], rest / Parts[i].Length);
        return string.Join(' ', chosen);
    }
}
