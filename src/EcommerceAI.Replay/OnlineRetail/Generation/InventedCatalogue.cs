namespace EcommerceAI.Replay.OnlineRetail.Generation;

/// <summary>Products with titles out of word lists, in the order of their popularity.</summary>
internal static class InventedCatalogue
{
    private static readonly string[] Adjectives =
        ["VINTAGE", "SMALL", "LARGE", "HANGING", "ANTIQUE", "MINI", "HAND PAINTED", "FOLDING", "RUSTIC", "CLASSIC", "JUMBO", "PASTEL"];

    private static readonly string[] Materials =
        ["WOODEN", "CERAMIC", "GLASS", "ENAMEL", "COTTON", "FELT", "PAPER", "TIN", "WICKER", "ZINC", "PORCELAIN", "LINEN"];

    private static readonly string[] Motifs =
    [
        "HEART", "STAR", "ROBIN", "DAISY", "POLKADOT", "STRAWBERRY", "PAISLEY", "ROSE", "OWL", "SAILBOAT", "TULIP", "BUTTERFLY",
        "GINGHAM", "SWALLOW", "APPLE", "HEDGEHOG",
    ];

    private static readonly string[] SeasonalMotifs = ["REINDEER", "SNOWFLAKE", "CHRISTMAS TREE", "HOLLY", "SNOWMAN", "ANGEL"];

    private static readonly string[] Colours = ["RED", "BLUE", "PINK", "IVORY", "GREEN"];

    /// <summary>Things and what a plain one costs, in pence.</summary>
    private static readonly (string Name, int Price)[] Things =
    [
        ("T-LIGHT HOLDER", 125), ("LUNCH BAG", 165), ("MUG", 210), ("CAKE STAND", 1095), ("PHOTO FRAME", 425), ("BUNTING", 495),
        ("CUSHION COVER", 595), ("NAPKINS", 85), ("GIFT WRAP", 42), ("STORAGE JAR", 295), ("DOORMAT", 795), ("WALL CLOCK", 850),
        ("PICNIC BASKET", 2495), ("TEA TOWEL", 295), ("NOTEBOOK", 145), ("KEY RING", 65), ("HOT WATER BOTTLE", 465), ("TRAY", 375),
        ("JEWELLERY BOX", 745), ("ALARM CLOCK", 375), ("DECORATION", 85), ("TEAPOT", 695), ("EGG CUP", 125), ("SEWING KIT", 195),
        ("DOORSTOP", 525), ("APRON", 645), ("BIRD HOUSE", 545), ("LANTERN", 365), ("COAT RACK", 995), ("PENCIL CASE", 185),
    ];

    /// <summary>Invents <paramref name="count"/> products with different codes and titles.</summary>
    public static InventedProduct[] Invent(int count, SplitMix64 random)
    {
        var products = new List<InventedProduct>(count);
        var titles = new HashSet<string>(StringComparer.Ordinal);
        var number = 20_000;
        while (products.Count < count)
        {
            number += random.Between(1, 4);
            var isSeasonal = random.OneIn(8);
            var (thing, price) = random.Pick(Things);
            var title = $"{random.Pick(Adjectives)} {random.Pick(Materials)} {thing} {random.Pick(isSeasonal ? SeasonalMotifs : Motifs)}";
            if (!titles.Add(title)) continue;
            AddColours(products, count, number, title, price, isSeasonal, random);
        }
        Shuffle(products, random);
        return [.. products];
    }

    private static void AddColours(
        List<InventedProduct> products, int count, int number, string title, int price, bool isSeasonal, SplitMix64 random)
    {
        var colours = random.OneIn(5) ? random.Between(2, Colours.Length) : 1;
        var opening = Math.Max(19, (price * random.Between(70, 160) / 100 / 5 * 5) - random.Below(2));
        for (var colour = 0; colour < colours && products.Count < count; colour++)
        {
            var changes = random.OneIn(3);
            products.Add(new InventedProduct(
                colours == 1 ? $"{number}" : $"{number}{(char)('A' + colour)}",
                colours == 1 ? title : $"{title}, {Colours[colour]}",
                opening,
                changes ? opening + Math.Max(5, opening * random.Between(4, 15) / 100) : opening,
                random.Between(40, 300),
                isSeasonal));
        }
    }

    /// <summary>Fisher and Yates: popularity goes by place, so colours of one thing must not stand together.</summary>
    private static void Shuffle(List<InventedProduct> products, SplitMix64 random)
    {
        for (var i = products.Count - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (products[i], products[other]) = (products[other], products[i]);
        }
    }
}
