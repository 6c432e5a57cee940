using System.Globalization;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.Relevance;

/// <summary>A query with what people judged of the catalogue for it.</summary>
/// <param name="Id">Its id in the file.</param>
/// <param name="Kind">What kind of query it is.</param>
/// <param name="Text">The words as typed.</param>
/// <param name="Grades">The grade, 1 or more, of each document that is worth anything to it; every other document is worth nothing.</param>
internal sealed record JudgedQuery(string Id, string Kind, string Text, IReadOnlyDictionary<string, int> Grades);

/// <summary>Reads judged queries: tab-separated lines, <c>id kind text</c> in one file and <c>id code grade</c> in the other.</summary>
internal static class JudgedQueries
{
    /// <summary>The queries in the order of their file.</summary>
    /// <exception cref="ReplayException">A line that cannot be read; the message names file, line and what is wrong.</exception>
    public static IReadOnlyList<JudgedQuery> Read(string queriesFile, string judgmentsFile)
    {
        var grades = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        var queries = new List<JudgedQuery>();
        foreach (var (fields, where) in Rows(queriesFile))
        {
            if (!grades.TryAdd(fields[0], [])) throw new ReplayException($"{where}: query '{fields[0]}' is there twice.");
            queries.Add(new(fields[0], fields[1], fields[2], grades[fields[0]]));
        }

        foreach (var (fields, where) in Rows(judgmentsFile))
        {
            if (!grades.TryGetValue(fields[0], out var judged)) throw new ReplayException($"{where}: there is no query '{fields[0]}'.");
            if (!int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var grade))
                throw new ReplayException($"{where}: '{fields[2]}' is not a grade of 0 or more.");
            if (grade > 0) judged[fields[1]] = grade;
        }

        return queries.Count > 0 ? queries : throw new ReplayException($"{queriesFile} has no query.");
    }

    private static IEnumerable<(string[] Fields, string Where)> Rows(string file)
    {
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (line.Length == 0) continue;
            var fields = line.Split('\t');
            if (fields.Length != 3 || fields.Any(string.IsNullOrWhiteSpace))
                throw new ReplayException($"{file}, line {number}: three fields parted by tabs were expected, not '{line}'.");
            yield return (fields, $"{file}, line {number}");
        }
    }
}
