namespace EcommerceAI.Search.Tests;

/// <summary>A WordNet database of a few words that the tests write themselves, in the format of wndb(5).</summary>
internal sealed class TinyWordNet : IDisposable
{
    private readonly Dictionary<string, List<string>> _senses = [];
    private readonly List<string> _data = ["  1 a licence stands in front  "];
    private readonly List<string> _exceptions = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("wordnet").FullName;

    /// <summary>Adds a sense; gives its offset, by which others link to it.</summary>
    public string Noun(string[] lemmas, string gloss, params (string Symbol, string Offset)[] links)
    {
        var offset = $"{_data.Count:00000000}";
        var words = string.Join(' ', lemmas.Select(l => $"{l.Replace(' ', '_')} 0"));
        var pointers = string.Concat(links.Select(l => $"{l.Symbol} {l.Offset} n 0000 "));
        _data.Add($"{offset} 06 n {lemmas.Length:x2} {words} {links.Length:000} {pointers}| {gloss}  ");
        foreach (var lemma in lemmas.Select(l => l.Replace(' ', '_')))
        {
            if (!_senses.TryGetValue(lemma, out var offsets)) _senses[lemma] = offsets = [];
            offsets.Add(offset);
        }
        return offset;
    }

    public void Irregular(string form, string lemma) => _exceptions.Add($"{form} {lemma}");

    public void Spoil(string line) => _data.Add(line);

    public WordNet Load()
    {
        File.WriteAllLines(Path.Combine(Folder, "data.noun"), _data);
        File.WriteAllLines(Path.Combine(Folder, "index.noun"), _senses.Select(s => $"{s.Key} n {s.Value.Count} 0 {s.Value.Count} 0 {string.Join(' ', s.Value)}  "));
        File.WriteAllLines(Path.Combine(Folder, "noun.exc"), _exceptions);
        foreach (var other in new[] { "verb", "adj" })
            foreach (var kind in new[] { "data", "index" })
                File.WriteAllText(Path.Combine(Folder, $"{kind}.{other}"), "");
        return WordNet.Load(Folder);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
