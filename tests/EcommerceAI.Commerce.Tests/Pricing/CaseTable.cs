using Shouldly;

namespace EcommerceAI.Commerce.Tests.Pricing;

/// <summary>A table of cases in a Markdown file: the columns that its head names, a row a case.</summary>
internal static class CaseTable
{
    /// <summary>Reads the rows, each by the names of its columns.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Pricing", file)).Where(line => line.StartsWith('|')).ToArray();
        var head = Cells(lines[0]);
        return
        [
            .. lines.Skip(2).Select(Cells).Select(cells =>
            {
                cells.Length.ShouldBe(head.Length, $"{file}: {string.Join(" | ", cells)}");
                return head.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
            }),
        ];
    }

    /// <summary>How many cases there are, once it is sure that each has a name of its own.</summary>
    public static int NamesOf(IReadOnlyList<IReadOnlyDictionary<string, string>> rows)
    {
        rows.Select(row => row["case"]).ShouldBeUnique();
        return rows.Count;
    }

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];
}
