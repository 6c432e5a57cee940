using System.Globalization;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Replay.AsOf;

/// <summary>A point in history as an operator writes it: a moment, <c>v3</c> for a version, <c>#1200</c> for a position.</summary>
public static class PointArgument
{
    /// <summary>Reads a point.</summary>
    /// <param name="text">ISO 8601 moment with offset, <c>v</c> and a version, or <c>#</c> and a global position.</param>
    /// <param name="point">The point.</param>
    /// <returns>False when the text is none of the three.</returns>
    public static bool TryParse(string text, out StreamPoint? point)
    {
        point = null;
        if (text.Length > 1 && text[0] is 'v' or '#'
            && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            point = text[0] == 'v' ? new StreamPoint.AtVersion(number) : new StreamPoint.AtPosition(number);
        else if (HasOffset(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
            point = new StreamPoint.AtMoment(moment);
        return point is not null;
    }

    /// <summary>A moment without an offset would mean another one on every machine.</summary>
    private static bool HasOffset(string text)
    {
        var time = text.IndexOf('T', StringComparison.Ordinal);
        return time > 0 && (text.EndsWith('Z') || text.AsSpan(time).IndexOfAny('+', '-') > 0);
    }
}
