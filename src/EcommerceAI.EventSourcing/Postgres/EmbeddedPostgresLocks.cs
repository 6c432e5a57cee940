namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>
/// The two advisory locks by which several processes share one cluster. .NET takes flock(2) for a <see cref="FileShare"/>: shared for
/// <see cref="FileShare.Read"/>, exclusive for <see cref="FileShare.None"/>. The kernel drops both with the process, however it ends,
/// so no lock is ever left behind.
/// </summary>
internal sealed class EmbeddedPostgresLocks(string dataDirectory, EmbeddedPostgresAccount account)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Held exclusively while somebody starts or stops the server.</summary>
    private string Door => dataDirectory + ".lock";

    /// <summary>Held shared by every process that uses the server.</summary>
    private string Users => dataDirectory + ".users";

    /// <summary>Makes the lock files, owned by the server's account so that its processes and root's can share them.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var path in (string[])[Door, Users])
        {
            if (File.Exists(path))
                continue;
            try
            {
                await File.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite).DisposeAsync();
            }
            catch (IOException error) when (IsTaken(error))
            {
                // Made by somebody else since the look, who is behind the door already.
                continue;
            }

            await account.OwnAsync(path, cancellationToken);
        }
    }

    /// <summary>Waits for the right to start or stop the server; dispose to give it back.</summary>
    /// <exception cref="EmbeddedPostgresException">Another process kept it for longer than <paramref name="timeout"/>.</exception>
    public async Task<FileStream> EnterAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (true)
        {
            if (TryOpen(Door, FileShare.None) is { } door)
                return door;
            if (Environment.TickCount64 > deadline)
                throw new EmbeddedPostgresException(
                    $"Another process has been starting or stopping the cluster in {dataDirectory} for more than {timeout}.");
            await Task.Delay(Poll, cancellationToken);
        }
    }

    /// <summary>Counts this instance among the users. Call it behind the door, where nobody tests for being the last.</summary>
    public FileStream Join() =>
        TryOpen(Users, FileShare.Read) ?? throw new EmbeddedPostgresException($"{Users} is locked by something that is not ours.");

    /// <summary>True if no process uses the server any more. Call it behind the door, after leaving.</summary>
    public bool NobodyLeft()
    {
        using var alone = TryOpen(Users, FileShare.None);
        return alone is not null;
    }

    private static FileStream? TryOpen(string path, FileShare share)
    {
        try
        {
            // Open, not OpenOrCreate: in a sticky directory Linux may refuse O_CREAT on another user's file, even to root.
            return new FileStream(path, FileMode.Open, FileAccess.Read, share);
        }
        catch (IOException error) when (IsTaken(error))
        {
            return null;
        }
    }

    private static bool IsTaken(IOException error) => error.HResult is WouldBlockOnLinux or WouldBlockOnMac;

    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;
}
