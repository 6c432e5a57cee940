using System.CommandLine;
using System.Globalization;
using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Store;
using Npgsql;

namespace EcommerceAI.Replay.CommandLine;

/// <summary>
/// The tool's command line. Exit codes: 0 done and nothing amiss, 1 a difference or a failure that is told in one line on
/// standard error, 2 arguments that make no sense, 130 stopped by Ctrl-C.
/// </summary>
public static class ReplayCommandLine
{
    /// <summary>Done and nothing amiss.</summary>
    public const int Success = 0;

    /// <summary>A difference was found, or what was asked for could not be done.</summary>
    public const int Failure = 1;

    /// <summary>Arguments that make no sense.</summary>
    public const int Usage = 2;

    private const int Interrupted = 130;

    /// <summary>Parses and runs a command line.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        // What is written is read by programs and copied into tickets: the same on every machine.
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        var parsed = CreateRoot().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync($"Try: ecommerce-ai {string.Join(' ', PathOf(parsed))} --help".Replace("  ", " ", StringComparison.Ordinal));
            return Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return Interrupted;
        }
        catch (Exception expected) when (IsExpected(expected))
        {
            await Console.Error.WriteLineAsync(expected.Message);
            return Failure;
        }
    }

    /// <summary>The whole command line.</summary>
    internal static Command CreateRoot()
    {
        // No RootCommand: it takes its name from the file that runs, which is not what an operator types.
        var root = new Command("ecommerce-ai", "EcommerceAI's operator tool: looks into an event store, mends what follows from it, carries it from place to place.")
        {
            StoreOption.ConnectionString, StoreOption.DataDirectory, HelpWithExamples.Option(), new VersionOption(),
        };
        foreach (var verb in Find<IVerb>()) root.Add(verb.Create());
        return root;
    }

    /// <summary>One of each class of the tool that is a <typeparamref name="T"/>, in the order of their names.</summary>
    /// <typeparam name="T">What is looked for; its classes have a constructor without parameters.</typeparam>
    internal static IEnumerable<T> Find<T>() =>
        typeof(ReplayCommandLine).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(T)))
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => (T)Activator.CreateInstance(type)!);

    /// <summary>What an operator can act on is told in one line; anything else is a defect and shows its stack.</summary>
    private static bool IsExpected(Exception exception) =>
        exception is ReplayException or EmbeddedPostgresException or EventStoreLayoutException or NpgsqlException or IOException
            or UnauthorizedAccessException or TimeoutException or UnreadableEventException or LogImportException or MasterKeyException
            or MaskingException or ChainException or OnlineRetail.ImportFileException;

    private static Stack<string> PathOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var at = parsed.CommandResult; at.Parent is System.CommandLine.Parsing.CommandResult parent; at = parent) names.Push(at.Command.Name);
        return names;
    }
}

/// <summary>What was asked for cannot be done; the message is for the operator.</summary>
public sealed class ReplayException(string message) : Exception(message);
