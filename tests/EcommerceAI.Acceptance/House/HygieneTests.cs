using System.Text.RegularExpressions;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Acceptance.House;

/// <summary>The checkout tells nothing of the machine that it was written on.</summary>
public sealed partial class HygieneTests
{
    private static readonly string[] NotOurs = [".git", ".vs", ".idea", ".data", "bin", "obj", "artifacts", "TestResults", "node_modules"];

    [Fact]
    public void No_file_names_a_directory_of_the_machine_it_was_written_on()
    {
        Lines().Where(line => PersonalPath().IsMatch(line.Text)).Select(line => line.Where).ShouldBeEmpty();
    }

    [Fact]
    public void No_file_names_a_package_registry_but_the_public_ones()
    {
        Lines().Where(line => PrivateRegistry().IsMatch(line.Text)).Select(line => line.Where).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("see /home/jane/code/shop.cs", true)]
    [InlineData("in /Users/jane/shop", true)]
    [InlineData("/root/shop/bin", true)]
    [InlineData("/home/linuxbrew/.linuxbrew/opt", false)]
    [InlineData("GET /products/home/office", false)]
    public void A_personal_path_is_told_from_an_ordinary_one(string text, bool isPersonal)
    {
        PersonalPath().IsMatch(text).ShouldBe(isPersonal);
    }

    [Theory]
    [InlineData("https://artifactory.example.com/nuget/v3", true)]
    [InlineData("\"resolved\": \"http://npm-proxy.internal/ajv\"", true)]
    [InlineData("https://api.nuget.org/v3/index.json", false)]
    public void A_private_registry_is_told_from_a_public_one(string text, bool isPrivate)
    {
        PrivateRegistry().IsMatch(text).ShouldBe(isPrivate);
    }

    private static IEnumerable<(string Where, string Text)> Lines()
    {
        // This file holds examples of what it looks for.
        foreach (var path in Files(RepositoryRoot.Path).Where(path => Path.GetFileName(path) != "HygieneTests.cs"))
        {
            var number = 0;
            foreach (var line in File.ReadLines(path))
                yield return ($"{Path.GetRelativePath(RepositoryRoot.Path, path)}:{++number}", line);
        }
    }

    private static IEnumerable<string> Files(string directory)
    {
        // A worktree's .git is a file, and names the place of its repository.
        var files = Directory.EnumerateFiles(directory).Where(path => !NotOurs.Contains(Path.GetFileName(path)));
        var below = Directory.EnumerateDirectories(directory).Where(path => !NotOurs.Contains(Path.GetFileName(path)));
        return files.Concat(below.SelectMany(Files));
    }

    [GeneratedRegex(@"(?<![\w.~-])/(?:home/(?!linuxbrew)|Users/|root/|work/)[\w.-]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex PersonalPath();

    [GeneratedRegex(@"https?://[^/\s""']*(?:artifactory|nexus|jfrog|mirror|proxy|\.internal|\.corp)\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex PrivateRegistry();
}
