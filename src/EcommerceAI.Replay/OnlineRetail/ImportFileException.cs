namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>An import file that cannot be read. It names the file and, where they are known, the line and the column at fault.</summary>
public sealed class ImportFileException : Exception
{
    /// <summary>Tells what is wrong with a file and where.</summary>
    /// <param name="file">Path of the file, as it was given.</param>
    /// <param name="line">Line of the (unpacked) file, from 1, where the faulty record starts, or null where no line is at fault.</param>
    /// <param name="column">Name of the column, or null where no single column is at fault.</param>
    /// <param name="reason">What is wrong, a clause without a full stop.</param>
    /// <param name="cause">The exception underneath, or null.</param>
    public ImportFileException(string file, long? line, string? column, string reason, Exception? cause = null)
        : base(Describe(file, line, column, reason), cause)
    {
        File = file;
        Line = line;
        Column = column;
        Reason = reason;
    }

    /// <summary>Path of the file, as it was given.</summary>
    public string File { get; }

    /// <summary>Line of the (unpacked) file, from 1, or null where no line is at fault.</summary>
    public long? Line { get; }

    /// <summary>Name of the column, or null where no single column is at fault.</summary>
    public string? Column { get; }

    /// <summary>What is wrong, a clause without a full stop.</summary>
    public string Reason { get; }

    private static string Describe(string file, long? line, string? column, string reason)
    {
        var where = line is null ? file : $"{file}, line {line}";
        return column is null ? $"{where}: {reason}" : $"{where}, column {column}: {reason}";
    }
}
