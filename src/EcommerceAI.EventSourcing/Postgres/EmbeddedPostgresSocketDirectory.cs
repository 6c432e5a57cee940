using System.Security.Cryptography;
using System.Text;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>
/// The private directory of the server's socket. A socket's path is limited to 107 bytes (103 on macOS) where a data directory's is
/// not, so it lies under the temporary directory by a short name made from the data directory's path. Only the server's account
/// (and root) can enter, which is why everyone who comes through the socket is trusted.
/// </summary>
internal static class EmbeddedPostgresSocketDirectory
{
    public const int Port = 5432;

    private const int LongestSocketPath = 103;

    /// <summary>The name for a cluster and account, the same in every process.</summary>
    public static string For(string dataDirectory, EmbeddedPostgresAccount account)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{account.UserId}:{dataDirectory}"));
        var name = "ecommerceai-" + Convert.ToHexStringLower(hash.AsSpan(0, 8));
        var directory = Path.Combine(Path.GetTempPath(), name);
        if (Encoding.UTF8.GetByteCount(SocketIn(directory)) <= LongestSocketPath)
            return directory;
#pragma warning disable S5443 // Public, yes: what we make there is ours alone, and VerifyAsync refuses anything else.
        return Path.Combine("/tmp", name);
#pragma warning restore S5443
    }

    public static string SocketIn(string directory) => Path.Combine(directory, $".s.PGSQL.{Port}");

    /// <summary>
    /// Makes the directory anew, for a server that is about to start. What a killed server left in it goes: its lock file may name a process
    /// id that by now is a zombie or a stranger, which PostgreSQL would take for a running server.
    /// </summary>
    /// <exception cref="EmbeddedPostgresException">Somebody else has put something of that name there.</exception>
    public static async Task PrepareAsync(string directory, EmbeddedPostgresAccount account, CancellationToken cancellationToken)
    {
        if (Path.Exists(directory))
        {
            await VerifyAsync(directory, account, cancellationToken);
            Directory.Delete(directory, recursive: true);
        }

        // Under a sticky /tmp nobody can replace what we own, so checking after making is enough.
        EmbeddedPostgresPrivateFiles.CreateDirectory(directory);
        await account.OwnAsync(directory, cancellationToken);
        await VerifyAsync(directory, account, cancellationToken);
    }

    /// <summary>Refuses a directory that is a link, open to others, or not the account's.</summary>
    public static async Task VerifyAsync(string directory, EmbeddedPostgresAccount account, CancellationToken cancellationToken)
    {
        var info = new DirectoryInfo(directory);
        if (!info.Exists || info.LinkTarget is not null || info.UnixFileMode != EmbeddedPostgresPrivateFiles.DirectoryMode
            || await EmbeddedPostgresAccount.OwnerOfAsync(directory, cancellationToken) != account.UserId)
        {
            throw new EmbeddedPostgresException(
                $"{directory}, where the server's socket belongs, is not a directory that only the user {account.Name} can enter: remove it.");
        }
    }
}
