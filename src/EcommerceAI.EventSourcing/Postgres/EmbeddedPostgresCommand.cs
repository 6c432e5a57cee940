using System.ComponentModel;
using System.Diagnostics;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>What a finished command left behind.</summary>
internal readonly record struct CommandResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>What the command said, both streams, for an error message.</summary>
    public string Said => (Output + Error).Trim();
}

/// <summary>Runs the small commands that a cluster needs (initdb, pg_ctl, chown, ls), each to its end.</summary>
internal static class EmbeddedPostgresCommand
{
    /// <summary>
    /// Runs a command with an empty standard input, in the root directory (which every user may enter), without the caller's
    /// <c>PG*</c> variables (they would redirect the server) and with messages in English.
    /// </summary>
    public static async Task<CommandResult> RunAsync(IReadOnlyList<string> commandLine, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(commandLine[0], commandLine.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";

        using var process = Start(start);
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return new CommandResult(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The command alone, never its tree: below pg_ctl stands the server, and that is stopped in its own way.
            process.Kill();
            throw;
        }
    }

    /// <summary>Runs a command that has to succeed.</summary>
    /// <exception cref="EmbeddedPostgresException">It did not; the message carries what it said.</exception>
    public static async Task<string> RequireAsync(IReadOnlyList<string> commandLine, CancellationToken cancellationToken)
    {
        var result = await RunAsync(commandLine, cancellationToken);
        return result.Succeeded
            ? result.Output.Trim()
            : throw new EmbeddedPostgresException($"`{string.Join(' ', commandLine)}` failed with exit code {result.ExitCode}: {result.Said}");
    }

    /// <summary>The full path of a program on PATH, or null.</summary>
    public static string? FindOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(File.Exists);

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new EmbeddedPostgresException($"`{start.FileName}` could not be started.");
        }
        catch (Win32Exception error)
        {
            throw new EmbeddedPostgresException($"`{start.FileName}` could not be started: {error.Message}.", error);
        }
    }
}
