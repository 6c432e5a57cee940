using System.Reflection;

namespace EcommerceAI.EventSourcing.Projections;

/// <summary>Finds projections, so that adding one edits no list.</summary>
public static class ProjectionScan
{
    /// <summary>Every assembly beside the program that is named as projections are.</summary>
    public static IReadOnlyList<Assembly> Assemblies() =>
        [.. Directory.GetFiles(AppContext.BaseDirectory, "EcommerceAI.Projections.*.dll").Select(file => Assembly.Load(Path.GetFileNameWithoutExtension(file)))];

    /// <summary>Every class that is a <typeparamref name="T"/>: a subscription, a handler of timers.</summary>
    /// <typeparam name="T">What is looked for.</typeparam>
    /// <param name="assemblies">Where to look.</param>
    /// <returns>The classes, by their full name.</returns>
    public static IReadOnlyList<Type> ClassesOf<T>(params IEnumerable<Assembly> assemblies) =>
    [
        .. assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(T)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal),
    ];

    /// <summary>Makes one of every public projection with a parameterless constructor in the assemblies.</summary>
    /// <param name="assemblies">Where to look.</param>
    /// <returns>The projections, by name.</returns>
    /// <exception cref="InvalidOperationException">Two projections share a name.</exception>
    public static IReadOnlyList<IProjection> Find(params IEnumerable<Assembly> assemblies)
    {
        IProjection[] found =
        [
            .. assemblies.SelectMany(assembly => assembly.GetExportedTypes())
                .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IProjection)) && type.GetConstructor([]) is not null)
                .Select(type => (IProjection)Activator.CreateInstance(type)!)
                .OrderBy(projection => projection.Name, StringComparer.Ordinal),
        ];
        var clash = found.GroupBy(projection => projection.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return clash is null
            ? found
            : throw new InvalidOperationException($"Two projections are named '{clash.Key}': {string.Join(", ", clash.Select(p => p.GetType().FullName))}.");
    }
}
