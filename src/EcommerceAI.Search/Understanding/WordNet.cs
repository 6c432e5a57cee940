using System.Globalization;

namespace EcommerceAI.Search.Understanding;

/// <summary>
/// The thesaurus WordNet (G. Miller, "WordNet: a lexical database for English", CACM 38(11), 1995), read from its own database files
/// (format: wndb(5)). It is not part of the product: without it, queries are understood by what the documents teach alone.
/// </summary>
public sealed class WordNet
{
    /// <summary>Names the folder of the database files where it is none of the usual ones.</summary>
    public const string FolderVariable = "ECOMMERCEAI_WORDNET";

    private static readonly string[] PartsOfSpeech = ["noun", "verb", "adj"];

    // The endings that WordNet's own morphology takes off (morphy(7)), and what it puts there.
    private static readonly (string Ending, string Base)[] Endings =
    [
        ("ies", "y"), ("ves", "f"), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"), ("s", ""), ("es", "e"), ("es", ""),
        ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", ""),
    ];

    private static readonly Lazy<WordNet?> OfThisMachine = new(() => Folder() is { } folder ? Load(folder) : null);

    private readonly Dictionary<string, List<long>> _senses = [];
    private readonly Dictionary<long, Synset> _synsets = [];
    private readonly Dictionary<string, List<string>> _exceptions = [];
    private readonly Dictionary<string, List<string>> _irregular = [];

    private WordNet()
    {
    }

    /// <summary>Every set of synonyms.</summary>
    internal IEnumerable<Synset> Synsets => _synsets.Values;

    /// <summary>Whether this machine has the thesaurus.</summary>
    public static bool IsPresent => Folder() is not null;

    /// <summary>The thesaurus of this machine, or null where it has none; read once a process, whoever asks.</summary>
    /// <exception cref="FormatException">A file is there and cannot be read as WordNet's.</exception>
    public static WordNet? Find() => OfThisMachine.Value;

    /// <summary>Reads the database files; about a second and 100 MB.</summary>
    /// <exception cref="FormatException">A line is not what wndb(5) says; the message names file and line.</exception>
    public static WordNet Load(string folder)
    {
        var loaded = new WordNet();
        for (var part = 0; part < PartsOfSpeech.Length; part++)
        {
            var name = PartsOfSpeech[part];
            var bits = part;
            EachLine(Path.Combine(folder, $"index.{name}"), line => loaded.AddSenses(line, bits));
            EachLine(Path.Combine(folder, $"data.{name}"), line => loaded.AddSynset(line, bits));
            if (File.Exists(Path.Combine(folder, $"{name}.exc"))) EachLine(Path.Combine(folder, $"{name}.exc"), loaded.AddException);
        }
        return loaded;
    }

    /// <summary>The senses of a word or phrase in any regular or irregular form, the most used ones first.</summary>
    internal IEnumerable<Synset> SensesOf(string word) => BaseForms(word).SelectMany(b => _senses[b]).Distinct().Select(s => _synsets[s]);

    /// <summary>What the links of a sense lead to.</summary>
    internal IEnumerable<Synset> Follow(IReadOnlyList<long> links) => links.Select(l => _synsets[l]);

    /// <summary>Irregular forms of a word, and the word of which it is one ("child" and "children").</summary>
    internal IEnumerable<string> IrregularForms(string word) =>
        _exceptions.GetValueOrDefault(word, []).Concat(_irregular.GetValueOrDefault(word, [])).Where(w => w != word);

    private static string? Folder()
    {
        string?[] candidates = [Environment.GetEnvironmentVariable(FolderVariable), "/usr/share/wordnet", "/usr/local/share/wordnet"];
        return Array.Find(candidates, c => !string.IsNullOrEmpty(c) && File.Exists(Path.Combine(c, "data.noun")));
    }

    private IEnumerable<string> BaseForms(string word) =>
        new[] { word }.Concat(_exceptions.GetValueOrDefault(word, []))
            .Concat(Endings.Where(e => word.Length > e.Ending.Length + 1 && word.EndsWith(e.Ending, StringComparison.Ordinal))
                .Select(e => word[..^e.Ending.Length] + e.Base))
            .Where(_senses.ContainsKey).Distinct();

    private static void EachLine(string file, Action<string> read)
    {
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            // The licence stands in front, indented.
            if (line.Length == 0 || line[0] == ' ') continue;
            try
            {
                read(line);
            }
            catch (Exception wrong) when (wrong is FormatException or IndexOutOfRangeException or ArgumentOutOfRangeException or OverflowException)
            {
                throw new FormatException($"{file}, line {number}: not a line of a WordNet database file.", wrong);
            }
        }
    }

    private void AddSenses(string line, int part)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var count = int.Parse(fields[2], CultureInfo.InvariantCulture);
        var lemma = Spaced(fields[0]);
        if (!_senses.TryGetValue(lemma, out var senses)) _senses[lemma] = senses = [];
        senses.AddRange(fields[^count..].Select(o => Key(o, part)));
    }

    private void AddSynset(string line, int part)
    {
        var bar = line.IndexOf('|', StringComparison.Ordinal);
        var fields = line[..bar].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var lemmas = new string[int.Parse(fields[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture)];
        for (var i = 0; i < lemmas.Length; i++) lemmas[i] = Spaced(fields[4 + 2 * i]);
        var at = 4 + 2 * lemmas.Length;
        var (broader, narrower) = (new List<long>(), new List<long>());
        for (var left = int.Parse(fields[at++], CultureInfo.InvariantCulture); left > 0; left--, at += 4)
        {
            if (fields[at] is "@" or "@i") broader.Add(Key(fields[at + 1], part));
            else if (fields[at] is "~" or "~i") narrower.Add(Key(fields[at + 1], part));
        }
        var key = Key(fields[0], part);
        _synsets[key] = new(key, part == 0, lemmas, line[(bar + 1)..].Trim(), broader, narrower);
    }

    private void AddException(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var lemma in fields[1..])
        {
            Add(_exceptions, fields[0], lemma);
            Add(_irregular, lemma, fields[0]);
        }

        static void Add(Dictionary<string, List<string>> to, string key, string value)
        {
            if (!to.TryGetValue(key, out var values)) to[key] = values = [];
            values.Add(value);
        }
    }

    private static string Spaced(string lemma)
    {
        var mark = lemma.IndexOf('(', StringComparison.Ordinal);
        return (mark > 0 ? lemma[..mark] : lemma).Replace('_', ' ').ToLowerInvariant();
    }

    private static long Key(string offset, int part) => long.Parse(offset, CultureInfo.InvariantCulture) * PartsOfSpeech.Length + part;

    /// <summary>A set of synonyms.</summary>
    internal sealed record Synset(long Id, bool IsNoun, string[] Lemmas, string Gloss, List<long> Broader, List<long> Narrower);
}
