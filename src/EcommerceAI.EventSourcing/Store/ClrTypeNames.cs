using System.Collections.Concurrent;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>The form in which the layout names a CLR type: <c>Full.Type.Name, AssemblyName</c>.</summary>
internal static class ClrTypeNames
{
    private static readonly ConcurrentDictionary<Type, string> Names = new();

    public static string Of(Type type) => Names.GetOrAdd(type, static t => $"{t.FullName}, {t.Assembly.GetName().Name}");
}
