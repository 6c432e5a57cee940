using System.Text.Json;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Tests;

/// <summary>A count goes up by <paramref name="By"/>; <paramref name="Mark"/> tells one from another.</summary>
public sealed record Counted(int By = 1, string? Mark = null);

/// <summary>Renamed; a second kind beside <see cref="Counted"/>.</summary>
public sealed record Renamed(string Name);

/// <summary>Whatever JSON can say, and the places where text can hide.</summary>
public sealed record Anything(
    JsonElement? Json = null, Dictionary<string, string>? Map = null, char Letter = 'x', decimal Amount = 0, double Real = 0, long Big = 0, string? Text = null);

/// <summary>An event whose record refuses a value that the JSON can hold.</summary>
public sealed record Picky
{
    public Picky(int value) =>
        Value = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Never below zero.");

    public int Value { get; }
}

internal static class TestEvents
{
    public static EventTypes Types { get; } = new(new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["counted"] = typeof(Counted),
        ["renamed"] = typeof(Renamed),
        ["anything"] = typeof(Anything),
        ["picky"] = typeof(Picky),
    });

    public static int Count(int state, object data) => data is Counted counted ? state + counted.By : state;

    public static AppendRequest Request(string streamId, params NewEvent[] events) => new([new StreamAppend(streamId, ExpectedVersion.Any, events)]);

    public static NewReceipt Receipt(string key, string principal = "someone") => new(principal, key, [1, 2, 3], new { fine = true });
}
