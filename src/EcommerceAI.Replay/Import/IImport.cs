using System.CommandLine;

namespace EcommerceAI.Replay.Import;

/// <summary>A form of data that <c>import</c> takes. Every class that is one is found at start; no list names them.</summary>
public interface IImport
{
    /// <summary>Its arguments, options, help text and action.</summary>
    Command Create();
}
