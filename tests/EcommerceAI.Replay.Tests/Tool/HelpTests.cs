using System.CommandLine;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Tests.Import;
using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.Tool;

public sealed class HelpTests
{
    [Fact]
    public void Every_verb_has_examples()
    {
        var bare = ReplayCommandLine.CreateRoot().Subcommands.Where(verb => verb is not VerbCommand { Examples.Count: > 0 });
        bare.Select(verb => verb.Name).ShouldBeEmpty();
    }

    [Fact]
    public void Every_example_is_a_command_line_that_the_tool_takes()
    {
        var root = ReplayCommandLine.CreateRoot();
        var examples = All(root).OfType<VerbCommand>().SelectMany(verb => verb.Examples.Select(example => (verb, example))).ToList();
        examples.Count.ShouldBeGreaterThan(20);
        foreach (var (verb, example) in examples)
        {
            var parsed = root.Parse(example.Line);
            parsed.Errors.ShouldBeEmpty(example.Line);
            example.Line.ShouldContain(verb.Name);
            example.What.ShouldNotBeEmpty();
        }
    }

    [Theory]
    [InlineData("streams", "ecommerce-ai streams --category order")]
    [InlineData("streams show", "ecommerce-ai streams show order-536365")]
    [InlineData("import ndjson", "ecommerce-ai import ndjson - --keep-positions")]
    [InlineData("as-of", "ecommerce-ai as-of v3")]
    public async Task Help_ends_with_examples_whatever_else_the_command_line_lacks(string verb, string example)
    {
        var result = await ReplayProcess.RunAsync([.. verb.Split(' '), "--help"]);
        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output[result.Output.IndexOf("Examples:", StringComparison.Ordinal)..].ShouldContain(example);
        result.Output.ShouldContain("Usage:");
        result.Errors.ShouldBeEmpty();
    }

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);
}
