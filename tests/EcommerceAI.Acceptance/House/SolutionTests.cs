using System.Text.RegularExpressions;
using System.Xml.Linq;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Acceptance.House;

/// <summary>The house's plan: every project is in the solution, and the arrows between them point one way.</summary>
public sealed partial class SolutionTests
{
    private static readonly string[] Core = ["EcommerceAI.Commerce", "EcommerceAI.EventSourcing", "EcommerceAI.Search"];

    private static readonly string[] Hosts = ["EcommerceAI.Api", "EcommerceAI.Replay", "EcommerceAI.StoreEdge"];

    [Fact]
    public void The_solution_holds_every_project_and_no_other()
    {
        var solution = File.ReadAllText(RepositoryRoot.Combine("EcommerceAI.sln"));
        var named = ProjectPath().Matches(solution).Select(match => match.Groups["path"].Value.Replace('\\', '/'));

        var present = new[] { "src", "projections", "tests" }.SelectMany(ProjectsIn).Select(path => Path.GetRelativePath(RepositoryRoot.Path, path));

        named.ShouldBe(present, ignoreOrder: true);
    }

    [Fact]
    public void Commerce_event_sourcing_and_search_know_nothing_of_each_other()
    {
        foreach (var project in Core)
            References(RepositoryRoot.Combine("src", project, project + ".csproj")).ShouldBeEmpty(project);
    }

    [Fact]
    public void The_domain_uses_no_package_and_no_framework_but_the_base_one()
    {
        var project = XDocument.Load(RepositoryRoot.Combine("src", "EcommerceAI.Commerce", "EcommerceAI.Commerce.csproj"));

        project.Root!.Attribute("Sdk")!.Value.ShouldBe("Microsoft.NET.Sdk");
        project.Descendants().Where(item => item.Name.LocalName is "PackageReference" or "FrameworkReference").ShouldBeEmpty();
    }

    [Fact]
    public void Projections_stand_on_the_core_alone()
    {
        var projections = ProjectsIn("projections").ToList();

        projections.ShouldNotBeEmpty();
        foreach (var project in projections)
            References(project).ShouldBeSubsetOf(Core, project);
    }

    [Fact]
    public void Nothing_outside_the_tests_stands_on_a_host_but_the_tool_that_measures_the_api()
    {
        foreach (var project in ProjectsIn("src").Concat(ProjectsIn("projections")))
        {
            var allowed = Path.GetFileNameWithoutExtension(project) == "EcommerceAI.Replay" ? ["EcommerceAI.Api"] : Array.Empty<string>();
            References(project).Intersect(Hosts).ShouldBeSubsetOf(allowed, project);
        }
    }

    private static IEnumerable<string> ProjectsIn(string folder) =>
        Directory.EnumerateFiles(RepositoryRoot.Combine(folder), "*.csproj", SearchOption.AllDirectories);

    private static List<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
            .ToList();

    [GeneratedRegex("\"(?<path>[^\"]+\\.csproj)\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ProjectPath();
}
