using Npgsql;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>Settings that the store puts on top of the operator's connection string.</summary>
internal static class Connections
{
    private const string ResetSetting = "No Reset On Close";

    /// <summary>
    /// Prepared statements for what repeats; the operator's own settings win. A connection goes back to the pool as it is: nothing here
    /// leaves a session's settings, locks or tables behind, and putting all of it back costs the server seven statements each time.
    /// </summary>
    public static string ForReading(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (settings.MaxAutoPrepare == 0)
        {
            settings.MaxAutoPrepare = 100;
            settings.AutoPrepareMinUsages = 2;
        }

        if (!settings.ShouldSerialize(ResetSetting)) settings.NoResetOnClose = true;
        settings.ApplicationName ??= "EcommerceAI";
        return settings.ConnectionString;
    }

    /// <summary>
    /// For what reads streams and the log by their keys. A prepared statement keeps its plan until the tables are next analysed, and one
    /// made while they were small would scan them: so the planner is kept on the indexes.
    /// </summary>
    public static string ForLookups(string connectionString) => With(ForReading(connectionString), "-c enable_seqscan=off -c jit=off");

    /// <summary>
    /// For group commit, whose batch statement is planned once for any number of streams. A lock is waited for only briefly, since every
    /// append in the batch waits with it.
    /// </summary>
    public static string ForWriting(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(With(
            ForLookups(connectionString), "-c enable_hashjoin=off -c enable_mergejoin=off -c lock_timeout=250 -c plan_cache_mode=force_generic_plan"))
        { Enlist = false };
        return settings.ConnectionString;
    }

    private static string With(string connectionString, string options)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.Options = $"{settings.Options} {options}".Trim();
        return settings.ConnectionString;
    }
}
