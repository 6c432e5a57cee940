using System.CommandLine;

namespace EcommerceAI.Replay.Bench;

/// <summary>A measurement of <c>bench</c>. Every class that is one is found at start; no list names them.</summary>
internal interface IBench
{
    /// <summary>Its options, help text and action.</summary>
    Command Create();
}
