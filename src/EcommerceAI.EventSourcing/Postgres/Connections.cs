using Npgsql;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>Settings that the store puts on top of the operator's connection string.</summary>
internal static class Connections
{
    /// <summary>Prepared statements for what repeats; the operator's own settings win.</summary>
    public static string ForReading(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (settings.MaxAutoPrepare == 0)
        {
            settings.MaxAutoPrepare = 100;
            settings.AutoPrepareMinUsages = 2;
        }

        settings.ApplicationName ??= "EcommerceAI";
        return settings.ConnectionString;
    }

    /// <summary>
    /// For group commit. The batch statement is planned once for any number of streams, so the planner is kept on the
    /// indexes: a plan made while the tables were small would scan them later. A lock is waited for only briefly, since
    /// every append in the batch waits with it.
    /// </summary>
    public static string ForWriting(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(ForReading(connectionString));
        settings.Options = string.Join(
            ' ', settings.Options, "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off -c lock_timeout=250 -c plan_cache_mode=force_generic_plan").Trim();
        settings.Enlist = false;
        return settings.ConnectionString;
    }
}
