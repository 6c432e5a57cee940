namespace EcommerceAI.Search.Tests;

public sealed class WordsTests
{
    // From the examples and the vocabulary of the algorithm's description.
    [Theory]
    [InlineData("caresses", "caress")]
    [InlineData("ties", "tie")]
    [InlineData("cries", "cri")]
    [InlineData("gas", "gas")]
    [InlineData("gaps", "gap")]
    [InlineData("kiwis", "kiwi")]
    [InlineData("this", "this")]
    [InlineData("agreed", "agre")]
    [InlineData("luxuriating", "luxuri")]
    [InlineData("hopping", "hop")]
    [InlineData("hoped", "hope")]
    [InlineData("hopped", "hop")]
    [InlineData("hoping", "hope")]
    [InlineData("cry", "cri")]
    [InlineData("by", "by")]
    [InlineData("say", "say")]
    [InlineData("consign", "consign")]
    [InlineData("consigned", "consign")]
    [InlineData("consignment", "consign")]
    [InlineData("consistency", "consist")]
    [InlineData("consolation", "consol")]
    [InlineData("consolatory", "consolatori")]
    [InlineData("consolidating", "consolid")]
    [InlineData("conspicuously", "conspicu")]
    [InlineData("conspirators", "conspir")]
    [InlineData("constancy", "constanc")]
    [InlineData("knackeries", "knackeri")]
    [InlineData("knaves", "knave")]
    [InlineData("kneeling", "kneel")]
    [InlineData("knightly", "knight")]
    [InlineData("knitting", "knit")]
    [InlineData("knives", "knive")]
    [InlineData("knobs", "knob")]
    [InlineData("generate", "generat")]
    [InlineData("general", "general")]
    [InlineData("communication", "communic")]
    [InlineData("arsenal", "arsenal")]
    [InlineData("earrings", "earring")]
    [InlineData("skies", "sky")]
    [InlineData("dying", "die")]
    [InlineData("news", "news")]
    [InlineData("poppy's", "poppi")]
    [InlineData("children's", "children")]
    [InlineData("youth", "youth")]
    [InlineData("boyish", "boyish")]
    [InlineData("sensational", "sensat")]
    [InlineData("hopefulness", "hope")]
    [InlineData("vietnamization", "vietnam")]
    [InlineData("relational", "relat")]
    [InlineData("rational", "ration")]
    [InlineData("geology", "geolog")]
    [InlineData("adoption", "adopt")]
    [InlineData("controll", "control")]
    [InlineData("roll", "roll")]
    [InlineData("85123a", "85123a")]
    [InlineData("søster", "søster")]
    public void A_stem_is_that_of_the_published_algorithm(string word, string stem) => TextAnalyzer.English.Stem(word).ShouldBe(stem);

    [Fact]
    public void Any_run_of_letters_has_a_stem_no_longer_than_itself_by_more_than_a_letter()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var word = string.Concat(Enumerable.Range(0, random.Next(1, 70)).Select(_ => "aeiouysstinglydebfulationz'"[random.Next(27)]));
            TextAnalyzer.English.Stem(word).Length.ShouldBeLessThanOrEqualTo(word.Length + 1, word);
        }
    }

    [Theory]
    [InlineData("Hello, World", "hello world")]
    [InlineData("CAFÉ Zürich Ångström", "cafe zurich angstrom")]
    [InlineData("Straße Ærø Łódź œuvre", "strasse aero lodz oeuvre")]
    [InlineData("POPPY'S poppy’s 'quoted' rock 'n' roll", "poppy's poppy's quoted rock n roll")]
    [InlineData("T-LIGHT 85123A 3.5cm", "t light 85123a 3 5cm")]
    [InlineData("ＦＵＬＬ ｗｉｄｔｈ ﬁne", "full width fine")]
    [InlineData("Ελληνικά Ёлка", "ελληνικα елка")]
    [InlineData("红色杯子 cup 杯", "红色 色杯 杯子 cup 杯")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("a\ud800b 𝒳yz", "a b xyz")]
    [InlineData("한국어", "한국어")]
    [InlineData("", "")]
    public void Words_are_runs_of_letters_and_digits_without_case_and_diacritics(string text, string words) =>
        string.Join(' ', TextAnalyzer.English.Words(text)).ShouldBe(words);

    [Fact]
    public void Any_text_is_split_without_fail_and_a_word_is_bounded()
    {
        var random = new Random(6);
        for (var i = 0; i < 2_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, 50).Select(_ => (char)random.Next(0x10000))]);
            foreach (var word in TextAnalyzer.English.Words(text)) word.Length.ShouldBeInRange(1, 64);
        }
        TextAnalyzer.English.Words(new string('x', 1000)).Single().Length.ShouldBe(64);
    }
}
