using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Archive;

/// <summary>Tells what became of every stream: for people what could not be done, for programs all of it.</summary>
/// <param name="done">What was done, in the past tense.</param>
/// <param name="asJson">For programs.</param>
internal sealed class ArchiveReport(string done, bool asJson)
{
    private long _done;
    private long _already;
    private long _refused;

    public async Task AddAsync(IAsyncEnumerable<ArchiveOutcome> outcomes)
    {
        await foreach (var outcome in outcomes)
        {
            var reason = Reason(outcome);
            if (outcome is ArchiveOutcome.Done) _done++;
            else if (outcome is ArchiveOutcome.Already) _already++;
            else _refused++;

            if (asJson) await JsonOutput.WriteLineAsync(new { stream = outcome.StreamId, outcome = outcome.GetType().Name, reason });
            else if (reason is not null) await Console.Error.WriteLineAsync($"{TextTable.Show(outcome.StreamId)}: {reason}");
        }
    }

    /// <summary>Tells the sum.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        if (!asJson) await Console.Out.WriteLineAsync($"{_done:N0} streams {done}, {_already:N0} were so before, {_refused:N0} could not be.");
        return _refused == 0 ? ReplayCommandLine.Success : ReplayCommandLine.Failure;
    }

    private static string? Reason(ArchiveOutcome outcome) => outcome switch
    {
        ArchiveOutcome.NotFound => "there is no such stream",
        ArchiveOutcome.Moved moved => $"it was appended to meanwhile and stands at version {moved.Actual}",
        ArchiveOutcome.Unread unread => $"the {unread.Reader.Replace(':', ' ')} has read up to {unread.Checkpoint} and not yet its last event, at {unread.Position}",
        _ => null,
    };
}
