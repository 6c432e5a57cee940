using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.AsOf;

namespace EcommerceAI.Replay.CommandLine;

/// <summary>Options that several commands share the form of; each command makes its own.</summary>
internal static class ListOptions
{
    /// <summary>How many, 1 to 100,000.</summary>
    public static Option<int> Limit(int byDefault, string what)
    {
        var option = new Option<int>("--limit") { Description = $"The most {what}, 1 to 100000.", DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 100_000) result.AddError("--limit must be 1 to 100000.");
        });
        return option;
    }

    /// <summary>A moment with its offset.</summary>
    public static Option<DateTimeOffset?> Moment(string name, string what) => new(name)
    {
        Description = $"{what}: a moment with offset (2011-06-01T00:00+01:00).",
        HelpName = "MOMENT",
        CustomParser = result =>
        {
            if (PointArgument.TryParse(result.Tokens[0].Value, out var point) && point is StreamPoint.AtMoment moment) return moment.Moment;
            result.AddError($"'{result.Tokens[0].Value}' is no moment for {name}: give it with its offset (2011-06-01T00:00+01:00).");
            return null;
        },
    };

    /// <summary>A point in history.</summary>
    public static Option<StreamPoint?> Point(string name, string what) => new(name)
    {
        Description = $"{what}: a moment with offset (2011-06-01T00:00+01:00), v3 for a version, #1200 for a position.",
        HelpName = "POINT",
        CustomParser = result =>
        {
            if (PointArgument.TryParse(result.Tokens[0].Value, out var point)) return point;
            result.AddError($"'{result.Tokens[0].Value}' is no point for {name}: give a moment with offset, a version (v3) or a position (#1200).");
            return null;
        },
    };

    /// <summary>A time that has passed: 30s, 15m, 12h, 90d.</summary>
    public static Option<TimeSpan?> Age(string name, string what) => new(name)
    {
        Description = $"{what}: 30s, 15m, 12h or 90d.",
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (TryParseAge(result.Tokens[0].Value) is { } age) return age;
            result.AddError($"'{result.Tokens[0].Value}' is no time for {name}: give 30s, 15m, 12h or 90d.");
            return null;
        },
    };

    /// <summary>Only what is archived, only what is not, or both.</summary>
    public static Option<string> Archived()
    {
        var option = new Option<string>("--archived") { Description = "Only archived ones (yes), only those that are not (no), or all.", DefaultValueFactory = _ => "all" };
        option.AcceptOnlyFromAmong("yes", "no", "all");
        return option;
    }

    /// <summary>What <see cref="Archived"/> means to a filter.</summary>
    public static bool? IsArchived(string choice) => choice == "all" ? null : choice == "yes";

    /// <summary>Whether an option stands in the command line; safe to ask before its value is known to make sense.</summary>
    public static bool IsGiven(this CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>Whether the point that was given is a version.</summary>
    public static bool IsVersion(this CommandResult result, Option option) =>
        result.GetResult(option) is { Tokens: [var token, ..] } && PointArgument.TryParse(token.Value, out var point) && point is StreamPoint.AtVersion;

    private static TimeSpan? TryParseAge(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return null;
        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' => TimeSpan.FromDays(count),
            _ => null,
        };
    }
}
