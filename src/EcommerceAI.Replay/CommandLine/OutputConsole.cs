using Spectre.Console;

namespace EcommerceAI.Replay.CommandLine;

/// <summary>Standard output for tables: coloured and as wide as the terminal, or plain and wide enough in a pipe or a file.</summary>
internal static class OutputConsole
{
    private const int WidthInPipe = 160;

    public static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected) return AnsiConsole.Console;
        var plain = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        plain.Profile.Width = WidthInPipe;
        return plain;
    }
}
