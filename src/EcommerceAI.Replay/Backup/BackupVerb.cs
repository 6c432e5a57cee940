using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Verify;

namespace EcommerceAI.Replay.Backup;

/// <summary>
/// <c>backup --to DIR</c>: a base backup at the first run, the log since at every later one. Restored with <c>restore --from DIR</c>.
/// </summary>
public sealed class BackupVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var to = new Option<string>("--to") { Description = "Folder of the backup; made when missing. Run it again to continue the backup there.", Required = true };
        var full = new Option<bool>("--full") { Description = "Take a new base backup in the place of the one that is there." };
        var heads = ChainOptions.Heads();
        var json = new Option<bool>("--json") { Description = "Print what was done as JSON." };
        var command = new VerbCommand(
            "backup",
            "Copies the running cluster into a folder, and continues the copy at every run; any moment since the first can be restored.",
            new Example("backup --to /backups/shop", "The first copy, or what came since the last.")) { to, full, heads, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var folder = new EmbeddedPostgresBackupFolder(parsed.GetRequiredValue(to));
            var started = Stopwatch.GetTimestamp();
            var result = await new EmbeddedPostgresBackup(open.ConnectionString, folder).RunAsync(parsed.GetValue(full), cancellation);
            CopyChain(EventChain.FolderIn(StoreOption.FolderOf(parsed)), ChainOptions.ChainOf(open, parsed, heads).Published.File, folder.Chain);
            await Console.Out.WriteLineAsync(parsed.GetValue(json)
                ? JsonSerializer.Serialize(result, JsonSerializerOptions.Web)
                : $"{(result.IsNewBase ? "Base backup and log" : "Log")} in {folder.Directory}, {result.Bytes >> 20:N0} MiB, after {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s; reaches to {result.ReachesTo.UtcDateTime:O}");
            return ReplayCommandLine.Success;
        });
        return command;
    }

    /// <summary>What checks the chain goes with the backup; the key that signs it stays where it is.</summary>
    private static void CopyChain(string from, string headsFile, string to)
    {
        Directory.CreateDirectory(to);
        if (Directory.Exists(from))
        {
            foreach (var key in Directory.EnumerateFiles(from, "*.pub.pem")) File.Copy(key, Path.Combine(to, Path.GetFileName(key)), overwrite: true);
        }

        if (File.Exists(headsFile)) File.Copy(headsFile, Path.Combine(to, "heads.ndjson"), overwrite: true);
    }
}
