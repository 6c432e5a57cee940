using System.Text;
using System.Text.Json;

namespace EcommerceAI.Api.Tests;

/// <summary>Something that no well-meaning client sends in the place of a text.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Json">The bytes that stand where the field's value stands; not always JSON.</param>
/// <param name="Text">The text that it means; null where it is none, so that it must be refused.</param>
internal sealed record HostileText(string Name, byte[] Json, string? Text)
{
    /// <summary>Everything that is tried in each field.</summary>
    public static IReadOnlyList<HostileText> All { get; } =
    [
        Written("control characters", "a\u0001\u0007\b\u001b[31m\u007fb"),
        Written("line breaks", "a\r\nSet-Cookie: a=b\r\n\r\n\tb"),
        Written("separators that some take for line breaks", "a\u0085\u2028\u2029b"),
        Written("SQL", "x'); DROP TABLE events.mt_events; --\" $1 {schema} \\"),
        Written("a script", "<script>alert('x')</script><img src=x onerror=alert(1)>&amp;%3Cb%3E"),
        Written("templates", "${jndi:ldap://x/y} {{7*7}} %s%n {0} #{x}"),
        Written("JSON as text", "{\"a\":[{\"b\":null}],\"$type\":\"System.Object\"}"),
        Written("right-to-left text", "\u202eمرحبا\u2066 abc \u2069\u200f שלום\u202c"),
        Written("letters that look or count as others", "e\u0301\u00e9 \ufb01 \u212a \u017f I\u0307 \ufeff\u200b \u0430"),
        Written("beyond the basic plane", "😀👩‍👩‍👧\U000e0041\U0010fffd"),
        Written("characters that are none", "\ufffe\uffff\ufffd"),
        Written("a megabyte", new string('é', 500_000)),
        Fragment("U+0000", "\"a\\u0000b\""),
        Fragment("half a surrogate pair", "\"a\\ud800b\""),
        Fragment("the other half", "\"\\udc00\""),
        Fragment("a surrogate pair the wrong way round", "\"\\udc00\\ud800\""),
        Fragment("an object", "{\"a\":{\"b\":[[{}]]}}"),
        Fragment("a list", "[\"a\",[\"b\"]]"),
        Fragment("deep nesting", new string('[', 5_000) + new string(']', 5_000)),
        Fragment("a truth", "true"),
        Fragment("a number of a thousand digits", new string('9', 1_000)),
        Fragment("a number beyond all others", "-1e999999"),
        Fragment("an escape that is none", "\"\\x41\""),
        Fragment("a raw line break", "\"a\nb\""),
        Raw("an overlong slash", 0xC0, 0xAF),
        Raw("an overlong U+0000", 0xE0, 0x80, 0x80),
        Raw("a surrogate in UTF-8", 0xED, 0xA0, 0x80),
        Raw("beyond Unicode", 0xF5, 0x80, 0x80, 0x80),
        Raw("a character cut short", 0xE2, 0x82),
    ];

    /// <summary>
    /// What is tried in one field: a third, another in each field, so that all of it is tried in an operation of three fields and over
    /// all operations many times; with the environment variable <c>ECOMMERCEAI_FUZZ=all</c> everything in every field.
    /// </summary>
    /// <param name="field">The number of the field, counted over all that is tried.</param>
    public static IEnumerable<HostileText> In(int field) =>
        Environment.GetEnvironmentVariable("ECOMMERCEAI_FUZZ") == "all" ? All : All.Where((_, i) => i % 3 == field % 3);

    private static HostileText Written(string name, string text) => new(name, Encoding.UTF8.GetBytes(Quoted(text)), text);

    private static HostileText Fragment(string name, string json) => new(name, Encoding.UTF8.GetBytes(json), null);

    private static HostileText Raw(string name, params byte[] bytes) => new(name, [(byte)'"', .. bytes, (byte)'"'], null);

    private static string Quoted(string text) => JsonSerializer.Serialize(text, Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
