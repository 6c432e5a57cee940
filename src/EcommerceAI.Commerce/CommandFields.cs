using System.Buffers;
using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace EcommerceAI.Commerce;

/// <summary>
/// Looks at the fields of one command and collects all that is wrong with them, so that a caller can mend everything at once.
/// The codes are <c>required</c>, <c>too_long</c>, <c>out_of_range</c>, <c>malformed</c> and <c>invalid_text</c>. A command comes
/// from a JSON body, so a field may be null whatever its type says.
/// </summary>
internal sealed class CommandFields
{
    public const int MaxQuantity = 1_000_000;
    public const decimal MaxPrice = 1_000_000m;
    public const int MaxLines = 1_000;
    public const int MaxCountry = 60;
    public const int MaxNote = 200;
    private const int MaxEmail = 254;

    private List<Rejection>? _rejections;

    public IReadOnlyList<Rejection> Rejections => _rejections ?? (IReadOnlyList<Rejection>)[];

    /// <summary>The text as it goes into an event: trimmed, and null where nothing is left.</summary>
    public static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    public void Refuse(string field, string code, string message) =>
        (_rejections ??= []).Add(new Rejection(code, message, field, RejectionKind.Invalid));

    /// <summary>As <see cref="Refuse"/>, for a message with numbers in it: they read the same on every machine.</summary>
    public void RefuseWithNumbers(string field, string code, FormattableString message) =>
        Refuse(field, code, message.ToString(CultureInfo.InvariantCulture));

    /// <summary>A text of one line, 1 to <paramref name="maxLength"/> UTF-16 characters once trimmed.</summary>
    public void RequiredText(string field, string? value, int maxLength)
    {
        if (IsGiven(field, value)) OptionalText(field, value, maxLength);
    }

    /// <summary>A text of one line or none at all; <paramref name="multiline"/> lets tabs and line breaks stand.</summary>
    /// <returns>Whether a text is there and nothing is wrong with it.</returns>
    public bool OptionalText(string field, string? value, int maxLength, bool multiline = false)
    {
        if (Clean(value) is not { } text || !IsStorable(field, text)) return false;
        if (text.Length > maxLength)
        {
            RefuseWithNumbers(field, "too_long", $"{field} has {text.Length} characters; at most {maxLength} are allowed.");
            return false;
        }

        if (!text.Any(c => char.IsControl(c) && !(multiline && c is '\t' or '\r' or '\n'))) return true;
        Refuse(field, "malformed", $"{field} contains a control character.");
        return false;
    }

    public void Sku(string field, string? value)
    {
        if (IsGiven(field, value) && IsStorable(field, value!) && !SkuFormat.TryNormalize(value, out _))
            Refuse(field, "malformed", $"{field} must be 1 to {SkuFormat.MaxLength} of A-Z 0-9 . _ - and single spaces inside.");
    }

    public void Location(string field, string? value)
    {
        if (IsGiven(field, value) && IsStorable(field, value!) && !LocationFormat.IsWellFormed(value))
            Refuse(field, "malformed", $"{field} must be a slug of 1 to {LocationFormat.MaxLength} of a-z 0-9 with single dashes inside.");
    }

    public void Id(string field, string? value)
    {
        if (IsGiven(field, value)) OptionalId(field, value);
    }

    public void OptionalId(string field, string? value)
    {
        if (value is not null && IsStorable(field, value) && !IdFormat.IsWellFormed(value))
            Refuse(field, "malformed", $"{field} must be 1 to {IdFormat.MaxLength} of A-Z a-z 0-9 . _ -.");
    }

    public void Email(string field, string? value)
    {
        if (OptionalText(field, value, MaxEmail) && !IsPlausibleEmail(value!.Trim()))
            Refuse(field, "malformed", $"{field} is not a mail address.");
    }

    /// <summary>A signed or unsigned count of units between two bounds, both allowed.</summary>
    public void Quantity(string field, int value, int least = 1, int most = MaxQuantity)
    {
        if (value < least || value > most) RefuseWithNumbers(field, "out_of_range", $"{field} is {value}; it must be {least} to {most}.");
    }

    /// <summary>A moment after another one, and not too far.</summary>
    public void Moment(string field, DateTimeOffset value, DateTimeOffset after, TimeSpan most)
    {
        if (value <= after || value - after > most)
            RefuseWithNumbers(field, "out_of_range", $"{field} is {value:O}; it must be after {after:O}, by at most {most.TotalDays:0.##} days.");
    }

    /// <summary>A signed difference in units; a difference of nothing is none.</summary>
    public void Difference(string field, int value)
    {
        if (value == 0) Refuse(field, "out_of_range", $"{field} must not be 0.");
        else Quantity(field, value, -MaxQuantity, MaxQuantity);
    }

    public void Currency(string field, string? value)
    {
        if (IsGiven(field, value) && IsStorable(field, value!) && !Currencies.IsWellFormed(value))
            Refuse(field, "malformed", $"{field} must be an ISO 4217 code of three upper-case letters.");
    }

    public void Price(string field, UnitPrice price)
    {
        Amount($"{field}.amount", price.Amount);
        Currency($"{field}.currency", price.Currency);
    }

    /// <summary>The amount of a unit price, in major units.</summary>
    public void Amount(string field, decimal value)
    {
        if (value is < 0 or > MaxPrice) RefuseWithNumbers(field, "out_of_range", $"{field} is {value}; it must be 0 to {MaxPrice}.");
        else if (decimal.Round(value, UnitPrice.Scale) != value)
            Refuse(field, "malformed", $"{field} has more than {UnitPrice.Scale} decimal places.");
    }

    /// <summary>1 to <see cref="MaxLines"/> lines, each given and then looked at by <paramref name="check"/> with its path.</summary>
    public void Lines<TLine>(string field, IReadOnlyList<TLine?>? lines, Action<string, TLine> check)
        where TLine : class
    {
        if (lines is null)
        {
            Refuse(field, "required", $"{field} must be given.");
            return;
        }

        if (lines.Count is < 1 or > MaxLines)
        {
            // An over-long list is not walked: its size is the caller's, not ours.
            RefuseWithNumbers(field, "out_of_range", $"{field} has {lines.Count} entries; 1 to {MaxLines} are allowed.");
            return;
        }

        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i] is { } line) check($"{field}[{i}]", line);
            else Refuse($"{field}[{i}]", "required", $"{field}[{i}] must be given.");
        }
    }

    private bool IsGiven(string field, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value)) return true;
        Refuse(field, "required", $"{field} must be given.");
        return false;
    }

    private bool IsStorable(string field, string text)
    {
        if (StorageDefect(text) is not { } defect) return true;
        Refuse(field, "invalid_text", $"{field} contains {defect}.");
        return false;
    }

    /// <summary>What keeps a text out of a JSON document in the store, or null where nothing does.</summary>
    private static string? StorageDefect(string text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (rest[0] == '\0') return "the character U+0000";
            if (Rune.DecodeFromUtf16(rest, out _, out var read) != OperationStatus.Done) return "half a surrogate pair";
            rest = rest[read..];
        }

        return null;
    }

    /// <summary>The address alone (no display name) at a host with a dot in it; only a sent mail proves more.</summary>
    private static bool IsPlausibleEmail(string email) =>
        MailAddress.TryCreate(email, out var address)
        && string.Equals(address.Address, email, StringComparison.Ordinal)
        && address.Host.Contains('.', StringComparison.Ordinal)
        && !address.Host.EndsWith('.');
}
