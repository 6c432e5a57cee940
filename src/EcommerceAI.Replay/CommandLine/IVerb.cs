using System.CommandLine;

namespace EcommerceAI.Replay.CommandLine;

/// <summary>A command of the tool. Every public class that is one is found at start; no list names them.</summary>
public interface IVerb
{
    /// <summary>Its arguments, options, help text and action.</summary>
    Command Create();
}
