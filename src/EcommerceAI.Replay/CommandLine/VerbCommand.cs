using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace EcommerceAI.Replay.CommandLine;

/// <summary>A command line that an operator may copy, and what it does.</summary>
/// <param name="Line">Everything after the program's name.</param>
/// <param name="What">What it does, in a few words.</param>
internal sealed record Example(string Line, string What);

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does.</param>
/// <param name="examples">The examples, one or more.</param>
internal sealed class VerbCommand(string name, string description, params IReadOnlyList<Example> examples) : Command(name, description)
{
    /// <summary>The examples.</summary>
    public IReadOnlyList<Example> Examples { get; } = examples;
}

/// <summary>The help that System.CommandLine writes, followed by the command's examples.</summary>
/// <param name="help">Its own.</param>
internal sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    /// <summary>Help stands in for whatever the command line lacks.</summary>
    public override bool ClearsParseErrors => true;

    public static HelpOption Option()
    {
        var option = new HelpOption();
        option.Action = new HelpWithExamples((SynchronousCommandLineAction)option.Action!);
        return option;
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not VerbCommand { Examples.Count: > 0 } verb) return code;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in verb.Examples)
        {
            output.WriteLine($"  ecommerce-ai {example.Line}");
            output.WriteLine($"      {example.What}");
        }

        output.WriteLine();
        return code;
    }
}
