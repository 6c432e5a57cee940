namespace EcommerceAI.Search.Tests;

public sealed class QueryUnderstandingTests
{
    private static readonly string[] Titles =
    [
        "garden spade", "garden rake", "chocolate box", "chocolate tin", "birthday candle", "birthday banner", "tea light holder", "t-light candles", "t-light jar",
        "tealight glass", "key ring red", "doormat welcome", "bracelet silver", "bracelet gold", "bracelet rose", "bracelet with pearls", "bracelet of beads",
        "bracelet blue", "bracelet green", "bracelet pink", "bracelet white", "bracelet black", "pearl braclet", "jewellery case", "gift wrap",
    ];

    private static readonly QueryUnderstanding Plain = QueryUnderstanding.Learn(Titles, TextAnalyzer.English);

    [Theory]
    [InlineData("choclate", "chocolate", AlternativeOrigin.Spelling)]
    [InlineData("gardne", "garden", AlternativeOrigin.Spelling)]
    [InlineData("jewelery", "jewellery", AlternativeOrigin.Spelling)]
    [InlineData("tealite", "tealight", AlternativeOrigin.Sound)]
    [InlineData("bday", "birthday", AlternativeOrigin.Abbreviation)]
    [InlineData("choc", "chocolate", AlternativeOrigin.Abbreviation)]
    [InlineData("keyring", "key ring", AlternativeOrigin.Compound)]
    [InlineData("tealight", "t light", AlternativeOrigin.Compound)]
    [InlineData("tealight", "tea light", AlternativeOrigin.Compound)]
    public void A_word_is_known_again_however_it_is_written(string word, string meant, AlternativeOrigin origin) =>
        Plain.Understand(word).Alternatives.ShouldContain(a => a.Text == meant && a.Origin == origin);

    [Fact]
    public void Two_words_stand_for_the_one_that_the_documents_have() =>
        Plain.Understand("blue door mat").Alternatives.ShouldContain(a => a.Text == "doormat" && a.FirstWord == 1 && a.WordCount == 2);

    [Fact]
    public void An_error_in_a_title_does_not_make_it_the_right_spelling() =>
        Plain.Understand("braclet").Alternatives.ShouldContain(a => a.Text == "bracelet" && a.Origin == AlternativeOrigin.Spelling);

    [Theory]
    [InlineData("garden")]
    [InlineData("birthday banner")]
    [InlineData("box")]
    public void A_word_that_the_documents_have_is_left_alone(string query)
    {
        var understood = Plain.Understand(query);

        understood.Words.ShouldAllBe(w => w.IsKnown);
        understood.Alternatives.ShouldNotContain(a => a.Origin != AlternativeOrigin.Compound);
        understood.CorrectedText.ShouldBe(query);
    }

    [Theory]
    [InlineData("candle not birthday", "candle", "birthday")]
    [InlineData("candles without holder for garden", "candles garden", "holder")]
    [InlineData("not birthday", "birthday", "")]
    [InlineData("the who", "the who", "")]
    public void What_is_negated_is_not_sought(string query, string sought, string excluded)
    {
        var understood = Plain.Understand(query);

        string.Join(' ', understood.Words.Select(w => w.Text)).ShouldBe(sought);
        string.Join(' ', understood.Excluded).ShouldBe(excluded);
    }

    [Fact]
    public void A_gift_for_something_is_less_a_gift_than_the_something()
    {
        Plain.Understand("gift for a garden").Words.ShouldBe([new("gift", 0.25), new("garden")]);
        Plain.Understand("gift wrap").Words.ShouldBe([new("gift"), new("wrap")]);
    }

    [Fact]
    public void The_corrected_text_has_the_words_of_the_documents() =>
        Plain.Understand("choclate tin bday").CorrectedText.ShouldBe("chocolate tin birthday");

    [Fact]
    public void Any_text_is_understood_as_something()
    {
        var random = new Random(4);
        for (var i = 0; i < 500; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(3) == 0 ? ' ' : (char)random.Next(0x10000))]);
            Plain.Understand(text).Words.Count.ShouldBeLessThanOrEqualTo(QueryUnderstanding.MostWords);
        }
        Plain.Understand(string.Join(' ', Enumerable.Range(0, 5000).Select(i => $"w{i}"))).Words.Count.ShouldBe(QueryUnderstanding.MostWords);
    }

    [Fact]
    public void The_thesaurus_gives_what_the_documents_have_of_the_same_and_of_narrower_meaning()
    {
        using var tiny = new TinyWordNet();
        var jewellery = tiny.Noun(["jewelry", "jewellery"], "an adornment");
        tiny.Noun(["bracelet", "bangle"], "jewelry worn around the wrist", ("@", jewellery));
        tiny.Noun(["shovel", "spade"], "a digging tool");
        tiny.Irregular("mice", "mouse");
        var understanding = QueryUnderstanding.Learn([.. Titles, "mouse"], TextAnalyzer.English, tiny.Load());

        understanding.Understand("bangles").Alternatives.ShouldContain(a => a.Text == "bracelet" && a.Origin == AlternativeOrigin.Synonym);
        understanding.Understand("shovel").Alternatives.ShouldContain(a => a.Text == "spade" && a.Origin == AlternativeOrigin.Synonym);
        understanding.Understand("jewelry").Alternatives.ShouldContain(a => a.Text == "jewellery");
        understanding.Understand("mice").Alternatives.ShouldContain(a => a.Text == "mouse" && a.Origin == AlternativeOrigin.Form);
        understanding.Understand("garden not mice").Excluded.ShouldBe(["mice", "mouse"]);
    }

    [Fact]
    public void Something_is_found_by_what_a_dictionary_says_that_it_is()
    {
        using var tiny = new TinyWordNet();
        tiny.Noun(["spade"], "a sturdy hand tool for digging \"he dug with a spade\"");
        tiny.Noun(["doormat"], "a mat placed outside an entrance for wiping the shoes");
        tiny.Noun(["lorry"], "a large motor vehicle for wiping and digging");
        var understanding = QueryUnderstanding.Learn(Titles, TextAnalyzer.English, tiny.Load());

        var concepts = understanding.Understand("something for wiping my shoes").Concepts;

        concepts[0].Text.ShouldBe("doormat");
        concepts[0].Definition.ShouldBe("a mat placed outside an entrance for wiping the shoes");
        concepts.ShouldNotContain(c => c.Text == "lorry");
    }

    [Fact]
    public void A_broken_thesaurus_is_refused_by_file_and_line()
    {
        using var tiny = new TinyWordNet();
        tiny.Noun(["spade"], "a tool");
        tiny.Spoil("00000009 06 n zz spade");

        Should.Throw<FormatException>(tiny.Load).Message.ShouldEndWith("data.noun, line 3: not a line of a WordNet database file.");
    }
}
