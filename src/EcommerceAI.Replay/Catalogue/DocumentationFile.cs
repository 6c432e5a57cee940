using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EcommerceAI.Replay.Catalogue;

/// <summary>What the source says of its types, from the XML file that the compiler writes beside an assembly.</summary>
internal sealed partial class DocumentationFile
{
    private readonly Dictionary<string, XElement> _members;

    private DocumentationFile(Dictionary<string, XElement> members) => _members = members;

    /// <summary>The file of the assembly that holds a type.</summary>
    public static DocumentationFile Of(Type type)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{type.Assembly.GetName().Name}.xml");
        return new DocumentationFile(XDocument.Load(path).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal));
    }

    /// <summary>A type's summary in one line, or nothing.</summary>
    public string SummaryOf(Type type) => Text(Member(type)?.Element("summary"));

    /// <summary>What is said of a parameter of a record, or of a property where it has its own words.</summary>
    public string FieldOf(Type type, string name)
    {
        for (var owner = type; owner is not null && owner != typeof(object); owner = owner.BaseType)
        {
            if (Text(Member(owner)?.Elements("param").FirstOrDefault(param => (string?)param.Attribute("name") == name)) is { Length: > 0 } param) return param;
            if (Text(_members.GetValueOrDefault($"P:{owner.FullName!.Replace('+', '.')}.{name}")?.Element("summary")) is { Length: > 0 } property) return property;
        }

        return "";
    }

    private XElement? Member(Type type) => _members.GetValueOrDefault($"T:{type.FullName!.Replace('+', '.')}");

    /// <summary>The words; a reference becomes the last part of what it points at.</summary>
    private static string Text(XElement? element)
    {
        if (element is null) return "";
        var words = element.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement reference => $"`{((string?)reference.Attribute("cref") ?? (string?)reference.Attribute("name") ?? reference.Value).Split('.')[^1]}`",
            _ => "",
        });
        return Blanks().Replace(string.Concat(words), " ").Trim();
    }

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Blanks();
}
