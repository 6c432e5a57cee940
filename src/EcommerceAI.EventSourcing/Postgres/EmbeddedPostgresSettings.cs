using System.Text;

namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>The server's configuration: durable, reachable through the socket only, sized for two cores and 24 GiB.</summary>
internal static class EmbeddedPostgresSettings
{
    /// <summary>The reader's own settings file, read last where there is one.</summary>
    public const string Custom = "custom.conf";

    private static readonly (string Name, string Value)[] BuiltIn =
    [
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("max_connections", "300"),
        ("shared_buffers", "256MB"),
        ("effective_cache_size", "4GB"),
        ("work_mem", "16MB"),
        ("maintenance_work_mem", "256MB"),
        ("random_page_cost", "1.1"),
        // Statements here are short; compiling one costs more than it saves.
        ("jit", "off"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("wal_compression", "on"),
        ("max_wal_size", "4GB"),
        ("min_wal_size", "256MB"),
        ("checkpoint_timeout", "15min"),
        // A backup that nobody continues must not fill the disk; without a backup there is no slot, and this does nothing.
        ("max_slot_wal_keep_size", "16GB"),
        ("autovacuum", "on"),
        ("log_line_prefix", "%m [%p] "),
        ("log_timezone", "UTC"),
        ("timezone", "UTC"),
        ("lc_messages", "C"),
        ("lc_monetary", "C"),
        ("lc_numeric", "C"),
        ("lc_time", "C"),
        ("default_text_search_config", "pg_catalog.english"),
    ];

    /// <summary>
    /// The text of <c>postgresql.conf</c>. The file is written anew at every start, so that a newer version of ours brings its settings
    /// to an old cluster; a reader's own go into <c>custom.conf</c> or ALTER SYSTEM, which both win.
    /// </summary>
    public static string Render(string socketDirectory, IReadOnlyDictionary<string, string> overrides, bool hasCustom)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in BuiltIn)
            values[name] = value;
        foreach (var (name, value) in overrides)
            values[name] = value;
        values["unix_socket_directories"] = $"\"{socketDirectory}\"";
        values["port"] = EmbeddedPostgresSocketDirectory.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var text = new StringBuilder("# Written at every start. Your own settings go into custom.conf beside this file.\n");
        foreach (var (name, value) in values)
            text.Append(name).Append(" = '").Append(value.Replace("'", "''", StringComparison.Ordinal)).Append("'\n");
        if (hasCustom)
            text.Append("include = '").Append(Custom).Append("'\n");
        return text.ToString();
    }
}
