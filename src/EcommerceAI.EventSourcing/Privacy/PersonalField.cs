using System.Text.Json.Nodes;

namespace EcommerceAI.EventSourcing.Privacy;

/// <summary>A field of an event that is sealed, and whose key seals it.</summary>
/// <param name="EventName">The event's name in the log.</param>
/// <param name="Path">Where the text stands.</param>
/// <param name="Scope">The kind of subject.</param>
/// <param name="Subject">Where the subject's id stands.</param>
/// <param name="Purpose">The purpose that the law wants it kept for, or null for what goes with its subject.</param>
/// <param name="Years">Calendar years that it is kept for after the year of the event.</param>
/// <param name="IsOptional">Whether today's record can do without it: null then stands for what was forgotten.</param>
internal sealed record PersonalField(
    string EventName, JsonPath Path, string Scope, JsonPath Subject, string? Purpose, int Years, bool IsOptional)
{
    /// <summary>What stands for a forgotten text that the record cannot do without.</summary>
    public const string Forgotten = "[forgotten]";

    /// <summary>The texts that an event holds here.</summary>
    public IEnumerable<JsonPlace> FindTexts(JsonObject json) => Path.Find(json).Where(place => place.Text is not null);

    /// <summary>The key that an event is to be sealed under.</summary>
    /// <exception cref="InvalidOperationException">The event names no subject, so nobody could ever be forgotten.</exception>
    public KeyRequest KeyFor(JsonObject json, DateTimeOffset moment)
    {
        var subject = Subject.Find(json).Select(place => place.Text).FirstOrDefault()
            ?? throw new InvalidOperationException(
                $"The event '{EventName}' holds personal data in '{Path.Text}', and '{Subject.Text}' does not tell whose it is.");
        var id = SubjectKeys.IdOf(Scope, subject);
        if (Purpose is null) return new KeyRequest(id, null);
        // A key a year, as the law counts: none ever has to be prolonged, and the oldest goes first.
        var year = moment.UtcDateTime.Year;
        return new KeyRequest($"{id}#{Purpose}-{year}", new DateTimeOffset(year + 1 + Years, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    /// <summary>Puts the clear text, or what stands for a forgotten one, where a sealed one is.</summary>
    public void Open(JsonObject json, SubjectKeyRing? keys)
    {
        foreach (var place in FindTexts(json))
        {
            if (!SealedText.TryRead(place.Text!, out var keyId, out var sealedBytes)) continue;
            if (keys is null) throw new InvalidOperationException($"'{place.Path}' of '{EventName}' is sealed, and no keys were loaded.");
            if (!IsKeyOf(json, keyId)) throw new SealBrokenException(place.Path, keyId);
            place.Put(keys.Find(keyId) is { } key ? SealedText.Open(sealedBytes, key, keyId, EventName, place.Path) : Placeholder());
        }
    }

    /// <summary>What is read in place of a text whose key is gone.</summary>
    public JsonNode? Placeholder() => IsOptional ? null : JsonValue.Create(Forgotten);

    /// <summary>Whether a key is that of the subject that the event names, so that nobody's texts can be put into another's event.</summary>
    private bool IsKeyOf(JsonObject json, string keyId)
    {
        if (Subject.Find(json).Select(place => place.Text).FirstOrDefault() is not { } subject) return false;
        var own = $"{Scope}/{subject}";
        return keyId.StartsWith(own, StringComparison.Ordinal) && (keyId.Length == own.Length || keyId[own.Length] == '#');
    }
}

/// <summary>An event that says that a subject is to be forgotten.</summary>
/// <param name="EventName">Its name in the log.</param>
/// <param name="Scope">The kind of subject.</param>
/// <param name="Subject">Where the subject's id stands.</param>
internal sealed record ForgettingEvent(string EventName, string Scope, JsonPath Subject);
