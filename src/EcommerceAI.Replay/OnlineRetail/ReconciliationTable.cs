using System.Globalization;
using System.Text;

namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>The reconciliation as plain text, for a log or a pipe.</summary>
public static class ReconciliationTable
{
    private const int LabelWidth = 18;
    private const int NumberWidth = 18;

    /// <summary>Draws the rows, their total, and the file's own figures; lines end with a line feed.</summary>
    /// <param name="reconciliation">What to draw.</param>
    public static string ToText(Reconciliation reconciliation)
    {
        var text = new StringBuilder();
        Append(text, "row", "lines", "units", "value GBP", "booked GBP");
        foreach (var row in reconciliation.Rows) Append(text, Label(row.Kind), row.Lines, row.Units, row.Value, row.Booked);
        Append(text, "all rows", reconciliation.Lines, reconciliation.Units, reconciliation.Value, reconciliation.Booked);
        Append(text, "file", Whole(reconciliation.FileLines), Whole(reconciliation.FileUnits), Pounds(reconciliation.FileValue), "");
        text.Append(reconciliation.IsBalanced ? "Every line is in exactly one row.\n" : "THE ROWS DO NOT ADD UP TO THE FILE.\n");
        return text.ToString();
    }

    /// <summary>What a row is called.</summary>
    /// <param name="kind">Which row.</param>
    public static string Label(LineKind kind) => kind switch
    {
        LineKind.Sale => "sale",
        LineKind.Return => "return",
        LineKind.Free => "free",
        LineKind.StockAdjustment => "stock adjustment",
        LineKind.Charge => "charge",
        LineKind.Bookkeeping => "bookkeeping",
        _ => "rejected",
    };

    private static void Append(StringBuilder text, string label, int lines, long units, decimal value, long booked) =>
        Append(text, label, Whole(lines), Whole(units), Pounds(value), Pounds(booked / 100m));

    private static void Append(StringBuilder text, string label, params ReadOnlySpan<string> numbers)
    {
        var line = new StringBuilder(label.PadRight(LabelWidth));
        foreach (var number in numbers) line.Append(number.PadLeft(NumberWidth));
        text.Append(line.ToString().TrimEnd()).Append('\n');
    }

    private static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Pounds(decimal amount) => amount.ToString("#,##0.00##", CultureInfo.InvariantCulture);
}
