namespace EcommerceAI.EventSourcing.Store;

/// <summary>What PostgreSQL's <c>text</c> and <c>jsonb</c> can hold to the letter.</summary>
public static class StorableText
{
    /// <summary>Whether <paramref name="text"/> has neither U+0000 nor half a surrogate pair.</summary>
    /// <param name="text">UTF-16 text.</param>
    public static bool IsStorable(ReadOnlySpan<char> text)
    {
        if (text.Contains('\0')) return false;
        // Vectorised: nearly all text has no surrogate at all, and then this is the whole cost.
        var at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (at >= 0)
        {
            text = text[at..];
            if (text.Length < 2 || !char.IsSurrogatePair(text[0], text[1])) return false;
            text = text[2..];
            at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        }

        return true;
    }
}
