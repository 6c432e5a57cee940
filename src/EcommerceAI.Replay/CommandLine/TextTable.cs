using System.Globalization;
using System.Text;
using Spectre.Console;

namespace EcommerceAI.Replay.CommandLine;

/// <summary>
/// A table of plain text. What stands in it comes from data: nothing in it is taken for markup, and control characters are shown
/// instead of sent to the terminal.
/// </summary>
internal sealed class TextTable
{
    private readonly Table _table = new Table().Border(TableBorder.Simple);

    public int Rows => _table.Rows.Count;

    /// <summary>Adds a column of texts.</summary>
    public TextTable Text(string heading)
    {
        _table.AddColumn(new TableColumn(new Text(heading)));
        return this;
    }

    /// <summary>Adds a column of numbers.</summary>
    public TextTable Number(string heading)
    {
        _table.AddColumn(new TableColumn(new Text(heading)).RightAligned().NoWrap());
        return this;
    }

    /// <summary>Adds a row; whole numbers are grouped, moments are told in UTC to the second.</summary>
    public void Row(params IEnumerable<object?> cells) => _table.AddRow(cells.Select(cell => new Text(Show(cell))));

    /// <summary>Writes it to standard output.</summary>
    public void Write() => OutputConsole.Create().Write(_table);

    /// <summary>A value as a person reads it.</summary>
    public static string Show(object? value) => value switch
    {
        null => "",
        int or long => string.Format(CultureInfo.InvariantCulture, "{0:N0}", value),
        DateTimeOffset moment => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        bool yes => yes ? "yes" : "no",
        TimeSpan span => span.TotalSeconds < 120 ? $"{span.TotalSeconds:F0} s" : span.TotalHours < 2 ? $"{span.TotalMinutes:F0} min" : $"{span.TotalHours:F0} h",
        _ => Printable(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };

    /// <summary>At most so many characters, and a mark where there were more.</summary>
    public static string Shorten(string text, int length) => text.Length <= length ? text : $"{text[..(length - 1)]}…";

    private static string Printable(string text)
    {
        if (!text.Any(char.IsControl)) return text;
        var printable = new StringBuilder();
        foreach (var character in text)
            printable.Append(char.IsControl(character) ? $"\\u{(int)character:x4}" : character.ToString());
        return printable.ToString();
    }
}
