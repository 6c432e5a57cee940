using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using EcommerceAI.Commerce;

namespace EcommerceAI.Replay.Catalogue;

/// <summary>The page that names every event and every command, made of what the contexts say of themselves.</summary>
public static class CataloguePage
{
    private static readonly char[] PathEnds = ['.', '['];

    /// <summary>The page in Markdown.</summary>
    public static string Write()
    {
        var documentation = DocumentationFile.Of(typeof(BoundedContext));
        var page = new StringBuilder(
            """
            # Events and commands

            Made by `./scripts/ecommerce-ai catalogue > docs/events.md`; a test holds it to the code. Fields are given as they stand in the JSON.

            """);
        foreach (var context in BoundedContext.Scan().OrderBy(context => context.Name, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {context.Name}\n\n");
            if (context.States.Count > 0)
                page.Append(CultureInfo.InvariantCulture, $"Streams: {string.Join(", ", context.States.Keys.Order(StringComparer.Ordinal).Select(category => $"`{category}-…`"))}\n\n");
            page.Append("| Event | What happened | Fields |\n|---|---|---|\n");
            foreach (var (name, type) in context.EventNames.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                AppendRow(page, documentation, name, type, PersonalIn(context, name));
            var commands = CommandsOf(context).ToList();
            if (commands.Count == 0) continue;
            page.Append("\n| Command | What is asked | Fields |\n|---|---|---|\n");
            foreach (var command in commands) AppendRow(page, documentation, command.Name, command, []);
        }

        return page.ToString();
    }

    /// <summary>The members of the closed families of commands in the context's folder.</summary>
    private static IEnumerable<Type> CommandsOf(BoundedContext context) => typeof(BoundedContext).Assembly.GetExportedTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false, BaseType: { IsAbstract: true } family }
            && family.Name.EndsWith("Command", StringComparison.Ordinal)
            && type.Namespace == $"{typeof(BoundedContext).Namespace}.{context.Name}")
        .OrderBy(type => type.Name, StringComparer.Ordinal);

    private static HashSet<string> PersonalIn(BoundedContext context, string name) =>
        [.. context.PersonalFields.Where(field => field.Event == name).Select(field => field.Path.Split(PathEnds, StringSplitOptions.None)[0])];

    private static void AppendRow(StringBuilder page, DocumentationFile documentation, string name, Type type, HashSet<string> personal)
    {
        var fields = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.Name != "EqualityContract")
            .Select(property => (Json: JsonNamingPolicy.CamelCase.ConvertName(property.Name), Words: documentation.FieldOf(type, property.Name)))
            .OrderBy(field => field.Json, StringComparer.Ordinal)
            .Select(field => $"`{field.Json}`{(personal.Contains(field.Json) ? " (sealed)" : "")}{(field.Words.Length > 0 ? $": {field.Words}" : "")}");
        page.Append(CultureInfo.InvariantCulture, $"| `{name}` | {Cell(documentation.SummaryOf(type))} | {Cell(string.Join("<br>", fields))} |\n");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
