using EcommerceAI.EventSourcing.Postgres;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Postgres;

/// <summary>A second, older PostgreSQL; <c>ECOMMERCEAI_TEST_OLD_PG_BIN</c> names the directory of its programs.</summary>
internal static class SecondPostgres
{
    private const string Variable = "ECOMMERCEAI_TEST_OLD_PG_BIN";

    public const string Missing = $"needs a second PostgreSQL: set {Variable} to the directory of an older initdb";

    public static string? Older { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : null;

    /// <summary>Both, as a machine has them after a newer one was installed.</summary>
    public static string Both { get; } =
        Older + ":" + Path.GetDirectoryName(ClusterDirectory.Run("sh", "-c", "ls /usr/lib/postgresql/*/bin/pg_upgrade | sort -V | tail -n 1"));

    /// <summary>A cluster of the older version, and its server: one that the store itself may be too new for.</summary>
    public static async Task<EmbeddedPostgres> StartOlderAsync(string dataDirectory)
    {
        var options = new EmbeddedPostgresOptions { DataDirectory = dataDirectory, BinaryDirectory = Older };
        var account = await EmbeddedPostgresAccount.ForAsync(dataDirectory, CancellationToken.None);
        var programs = (await EmbeddedPostgresBinaries.FindAllAsync(Older, CancellationToken.None))[0];
        await new EmbeddedPostgresCluster(dataDirectory, options, programs, account).CreateIfMissingAsync(CancellationToken.None);
        return await EmbeddedPostgres.StartAsync(options);
    }

    public static Task<EmbeddedPostgres> StartNewerAsync(string dataDirectory) =>
        EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = dataDirectory, BinaryDirectory = Both });
}

/// <summary>A test that is skipped where there is no second PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SecondPostgresFactAttribute : FactAttribute
{
    public SecondPostgresFactAttribute()
    {
        if (SecondPostgres.Older is null) Skip = SecondPostgres.Missing;
    }
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SecondPostgresTheoryAttribute : TheoryAttribute
{
    public SecondPostgresTheoryAttribute()
    {
        if (SecondPostgres.Older is null) Skip = SecondPostgres.Missing;
    }
}
