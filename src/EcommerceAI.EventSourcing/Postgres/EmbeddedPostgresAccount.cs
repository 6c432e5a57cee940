namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>
/// The operating-system account that the server runs as. PostgreSQL refuses to run as root, so root hands the server to an ordinary
/// account: the owner of the existing cluster, else the owner of the checkout, else <c>postgres</c>, else <c>nobody</c>.
/// </summary>
internal sealed class EmbeddedPostgresAccount
{
    private readonly bool _weAreRoot;

    private EmbeddedPostgresAccount(string name, string userId, string groupId, bool weAreRoot) =>
        (Name, UserId, GroupId, _weAreRoot) = (name, userId, groupId, weAreRoot);

    public string Name { get; }

    public string UserId { get; }

    private string GroupId { get; }

    /// <summary>Chooses the account for the cluster in <paramref name="dataDirectory"/>, which need not exist yet.</summary>
    /// <exception cref="EmbeddedPostgresException">The cluster is somebody else's, or root finds no account to hand it to.</exception>
    public static async Task<EmbeddedPostgresAccount> ForAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var owner = Directory.Exists(dataDirectory) ? await OwnerOfAsync(dataDirectory, cancellationToken) : null;
        if (!Environment.IsPrivilegedProcess)
        {
            var ours = await NamedAsync("", weAreRoot: false, cancellationToken)
                ?? throw new EmbeddedPostgresException("`id` does not know the account of this process.");
            return owner is null || owner == ours.UserId
                ? ours
                : throw new EmbeddedPostgresException(
                    $"The cluster in {dataDirectory} belongs to another user (id {owner}): run as that user or as root, or remove the directory.");
        }

        if (EmbeddedPostgresCommand.FindOnPath("setpriv") is null)
            throw new EmbeddedPostgresException(
                "PostgreSQL does not run as root, and there is no `setpriv` to change to an ordinary user: install util-linux, or run as an ordinary user.");
        var candidates = new[] { owner, await CheckoutOwnerAsync(dataDirectory, cancellationToken), "postgres", "nobody" };
        foreach (var candidate in candidates.Where(candidate => candidate is not (null or "0")))
        {
            if (await NamedAsync(candidate!, weAreRoot: true, cancellationToken) is { } account)
                return account;
        }

        throw new EmbeddedPostgresException(
            "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody`: make one, or run as an ordinary user.");
    }

    /// <summary>The command line that runs <paramref name="command"/> as this account, with none of root's powers.</summary>
    public IReadOnlyList<string> CommandLine(params IReadOnlyList<string> command) =>
        _weAreRoot
            ? ["setpriv", $"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", "--inh-caps=-all", "--", .. command]
            : command;

    /// <summary>
    /// The command line for a <paramref name="command"/> that works in <paramref name="directory"/>, given the path by which to name it.
    /// The directory itself is the account's own, but a parent may be closed to it (a checkout in /root). Then root opens the
    /// directory and the command inherits the open descriptor: <c>/proc/self/fd/9</c> leads straight to it, past the parents,
    /// without lending the server any of root's powers. The same way helps with names that pg_ctl, which passes its paths through a
    /// shell in double quotes, would garble.
    /// </summary>
    public Task<IReadOnlyList<string>> CommandLineInAsync(
        string directory, Func<string, IReadOnlyList<string>> command, CancellationToken cancellationToken) =>
        CommandLineInAsync([directory], paths => command(paths[0]), cancellationToken);

    /// <summary>The same for a command that works in several directories, seven at most.</summary>
    public async Task<IReadOnlyList<string>> CommandLineInAsync(
        IReadOnlyList<string> directories, Func<IReadOnlyList<string>, IReadOnlyList<string>> command, CancellationToken cancellationToken)
    {
        var isOpen = true;
        foreach (var directory in directories)
            isOpen = isOpen && !directory.AsSpan().ContainsAny("\"$`\\") && await CanEnterAsync(directory, cancellationToken);
        if (isOpen)
            return CommandLine(command(directories));
        // The first is 9, the second 8: a shell opens no more than one digit.
        var opened = string.Join(' ', directories.Select((_, i) => $"{9 - i}<\"${i + 1}\""));
        string[] paths = [.. directories.Select((_, i) => $"/proc/self/fd/{9 - i}")];
        return ["sh", "-c", $"exec {opened} && shift {directories.Count} && exec \"$@\"", "sh", .. directories, .. CommandLine(command(paths))];
    }

    /// <summary>Gives a path, and what is below it, to the account. Nothing to do unless we are root.</summary>
    public async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (_weAreRoot)
            await EmbeddedPostgresCommand.RequireAsync(["chown", "-R", "-h", $"{UserId}:{GroupId}", "--", path], cancellationToken);
    }

    /// <summary>The numeric user id that owns a path (not what a symbolic link there points to).</summary>
    public static async Task<string> OwnerOfAsync(string path, CancellationToken cancellationToken)
    {
        // .NET has no call for a file's owner; the columns of `ls -ldn` are fixed by POSIX.
        var line = await EmbeddedPostgresCommand.RequireAsync(["ls", "-ldn", "--", path], cancellationToken);
        return line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
    }

    private async Task<bool> CanEnterAsync(string directory, CancellationToken cancellationToken) =>
        !_weAreRoot || (await EmbeddedPostgresCommand.RunAsync(CommandLine("test", "-x", directory), cancellationToken)).Succeeded;

    /// <summary>The owner of the nearest directory above that is not root's: a user's checkout in which root has made <c>.data</c>.</summary>
    private static async Task<string?> CheckoutOwnerAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        for (var directory = Path.GetDirectoryName(dataDirectory); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (Directory.Exists(directory) && await OwnerOfAsync(directory, cancellationToken) is var owner and not "0")
                return owner;
        }

        return null;
    }

    private static async Task<EmbeddedPostgresAccount?> NamedAsync(string nameOrId, bool weAreRoot, CancellationToken cancellationToken)
    {
        // initdb looks its user up by name, so an id without an account (a bind mount in a container) does not do.
        string[] who = nameOrId.Length == 0 ? [] : [nameOrId];
        var user = await EmbeddedPostgresCommand.RunAsync(["id", "-u", .. who], cancellationToken);
        var group = await EmbeddedPostgresCommand.RunAsync(["id", "-g", .. who], cancellationToken);
        var name = await EmbeddedPostgresCommand.RunAsync(["id", "-un", .. who], cancellationToken);
        return user.Succeeded && group.Succeeded && name.Succeeded
            ? new EmbeddedPostgresAccount(name.Output.Trim(), user.Output.Trim(), group.Output.Trim(), weAreRoot)
            : null;
    }
}
