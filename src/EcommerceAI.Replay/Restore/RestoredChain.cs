using System.Globalization;
using EcommerceAI.EventSourcing.Integrity;

namespace EcommerceAI.Replay.Restore;

/// <summary>
/// Takes over the chain's public keys and published heads with a restored cluster. Heads of what came after the restored moment are put
/// aside and told: they are signed statements about events that this log does not have any more.
/// </summary>
internal static class RestoredChain
{
    /// <returns>What the operator should know, or null.</returns>
    public static async Task<string?> TakeOverAsync(string backup, string folder, EventChain chain, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        if (Directory.Exists(backup))
        {
            foreach (var key in Directory.EnumerateFiles(backup, "*.pub.pem")) File.Copy(key, Path.Combine(folder, Path.GetFileName(key)), overwrite: true);
        }

        var published = chain.Published.File;
        var from = File.Exists(published) ? published : Path.Combine(backup, "heads.ndjson");
        if (!File.Exists(from)) return null;
        var size = (await chain.FindHeadAsync(cancellation))?.Size ?? 0;
        var heads = new PublishedHeads(from).Read();
        var lines = await File.ReadAllLinesAsync(from, cancellation);
        // One head a line; a torn last line is no head.
        var kept = heads.TakeWhile(head => head.Size <= size).Count();
        var draft = published + ".new";
        await File.WriteAllLinesAsync(draft, lines.Take(kept), cancellation);
        string? told = null;
        if (kept < heads.Count)
        {
            var aside = $"{published}.before-{DateTime.UtcNow.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}";
            File.Copy(from, aside);
            told = $"{heads.Count - kept} published heads speak for events after the restored moment; all heads as they were are in {aside}.";
        }

        File.Move(draft, published, overwrite: true);
        return told;
    }
}
