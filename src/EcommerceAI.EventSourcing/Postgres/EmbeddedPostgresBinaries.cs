using System.Globalization;
using System.Text.RegularExpressions;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>One installation of PostgreSQL's server programs on this machine.</summary>
internal sealed partial record EmbeddedPostgresBinaries(string Directory, int Major)
{
    public const string Variable = "ECOMMERCEAI_PG_BIN";

    /// <summary>What a reader has to do when there is no PostgreSQL, in one line.</summary>
    public const string InstallHint =
        "install PostgreSQL with `apt-get install postgresql` (Debian, Ubuntu), `dnf install postgresql-server` (Fedora, RHEL), "
        + "`apk add postgresql` (Alpine) or `brew install postgresql` (macOS), or set " + Variable
        + " to the directory of initdb, pg_ctl and postgres.";

    /// <summary>The oldest major version that the event store's SQL is written for.</summary>
    private const int OldestMajor = 14;

    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    public string InitDb => Path.Combine(Directory, "initdb");

    public string PgCtl => Path.Combine(Directory, "pg_ctl");

    public string PgUpgrade => Path.Combine(Directory, "pg_upgrade");

    public bool HasUpgrade => File.Exists(PgUpgrade);

    /// <summary>
    /// Finds the programs: <paramref name="named"/> or the environment's directory and no other, else the newest installation whose
    /// major version is <paramref name="clusterMajor"/> (any, for a cluster yet to be made).
    /// </summary>
    /// <exception cref="EmbeddedPostgresException">Nothing fits; the message says in one line what to install.</exception>
    public static async Task<EmbeddedPostgresBinaries> FindAsync(string? named, int? clusterMajor, CancellationToken cancellationToken) =>
        Choose(await FindAllAsync(named, cancellationToken), clusterMajor);

    /// <summary>All installations: those in the directories that are named, with a colon between them, and no others; else the machine's.</summary>
    /// <exception cref="EmbeddedPostgresException">A named directory does not hold the programs.</exception>
    public static async Task<IReadOnlyList<EmbeddedPostgresBinaries>> FindAllAsync(string? named, CancellationToken cancellationToken)
    {
        named ??= Environment.GetEnvironmentVariable(Variable);
        var directories = string.IsNullOrWhiteSpace(named)
            ? await CandidatesAsync(cancellationToken)
            : named.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var found = new List<EmbeddedPostgresBinaries>();
        foreach (var directory in directories)
        {
            if (!HoldsPrograms(directory))
                throw new EmbeddedPostgresException($"No initdb, pg_ctl and postgres in {directory}: {InstallHint}");
            found.Add(new EmbeddedPostgresBinaries(directory, await MajorOfAsync(directory, cancellationToken)));
        }

        return found;
    }

    /// <summary>The newest that fits the cluster; pure, so that the choice can be tested without installations.</summary>
    internal static EmbeddedPostgresBinaries Choose(IReadOnlyList<EmbeddedPostgresBinaries> found, int? clusterMajor)
    {
        if (found.Count == 0)
            throw new EmbeddedPostgresException($"No PostgreSQL server programs on this machine: {InstallHint}");
        var versions = string.Join(", ", found.Select(binaries => binaries.Major).Distinct().Order());
        if (clusterMajor is { } major)
            return found.FirstOrDefault(binaries => binaries.Major == major)
                ?? throw new EmbeddedPostgresException(
                    $"The cluster was made by PostgreSQL {major}, but this machine has {versions}: install PostgreSQL {major}, or set {Variable}.");
        var newest = found.MaxBy(binaries => binaries.Major)!;
        return newest.Major >= OldestMajor
            ? newest
            : throw new EmbeddedPostgresException($"PostgreSQL {OldestMajor} or newer is needed, but this machine has {versions}: {InstallHint}");
    }

    private static async Task<IReadOnlyList<string>> CandidatesAsync(CancellationToken cancellationToken)
    {
        var directories = new List<string>();
        if (EmbeddedPostgresCommand.FindOnPath("pg_config") is { } pgConfig)
        {
            var answer = await EmbeddedPostgresCommand.RunAsync([pgConfig, "--bindir"], cancellationToken);
            if (answer.Succeeded)
                directories.Add(answer.Output.Trim());
        }

        directories.AddRange(Below("/usr/lib/postgresql", "*", "bin"));
        directories.AddRange(Below("/usr", "pgsql-*", "bin"));
        directories.AddRange(Below("/usr/libexec", "postgresql*", ""));
        foreach (var homebrew in (string[])["/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"])
            directories.AddRange(Below(homebrew, "postgresql*", "bin"));
        if (EmbeddedPostgresCommand.FindOnPath("postgres") is { } onPath)
            directories.Add(Path.GetDirectoryName(onPath)!);
        return directories.Distinct(StringComparer.Ordinal).Where(HoldsPrograms).ToList();
    }

    private static IEnumerable<string> Below(string parent, string pattern, string child) =>
        System.IO.Directory.Exists(parent)
            ? System.IO.Directory.EnumerateDirectories(parent, pattern).Select(directory => Path.Combine(directory, child))
            : [];

    private static bool HoldsPrograms(string directory) => Programs.All(program => File.Exists(Path.Combine(directory, program)));

    private static async Task<int> MajorOfAsync(string directory, CancellationToken cancellationToken)
    {
        var said = await EmbeddedPostgresCommand.RequireAsync([Path.Combine(directory, "postgres"), "--version"], cancellationToken);
        var version = VersionNumber().Match(said);
        return version.Success
            ? int.Parse(version.Value, CultureInfo.InvariantCulture)
            : throw new EmbeddedPostgresException($"{directory}/postgres --version answers `{said}`, which names no version.");
    }

    [GeneratedRegex(@"(?<=\) )\d+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionNumber();
}
