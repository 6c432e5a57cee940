using System.Globalization;
using EcommerceAI.Replay.OnlineRetail.Generation;
using EcommerceAI.Testing;
using Npgsql;

namespace EcommerceAI.Replay.Tests.Import;

/// <summary>A database that imports go into, and what can be asked of it.</summary>
internal sealed class ImportedStore(string connectionString)
{
    public string ConnectionString { get; } = connectionString;

    public static async Task<ImportedStore> CreateAsync(PostgresFixture postgres) => new(await postgres.CreateDatabaseAsync());

    /// <summary>A generated year in a file of its own.</summary>
    public static string GenerateYear(ulong seed, int lines)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("year").FullName, "year.csv");
        new RetailYearGenerator(seed, lines).WriteFile(file);
        return file;
    }

    public Task<ReplayResult> RunAsync(params string[] arguments) => ReplayProcess.RunAsync([.. arguments, "--connection", ConnectionString]);

    public Task<ReplayResult> ImportAsync(string file) => RunAsync("import", "online-retail", file);

    public ReplayProcess StartImport(string file) =>
        ReplayProcess.Start("import", "online-retail", file, "--connection", ConnectionString);

    /// <summary>The log without positions, to be compared byte by byte.</summary>
    public async Task<string> ExportAsync()
    {
        var result = await RunAsync("export", "-", "--without-positions");
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException(result.ToString());
    }

    public Task<long> CountEventsAsync() => AskAsync("select count(*) from events.mt_events");

    /// <summary>Invoices in the store, 0 before the first.</summary>
    public async Task<long> CountInvoicesAsync()
    {
        try
        {
            return await AskAsync("select coalesce(max(position), 0) from bookkeeping.checkpoints");
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return 0;
        }
    }

    /// <summary>Invoices that the file of the import has.</summary>
    public Task<long> CountInvoicesOfFileAsync() => AskAsync("select (detail ->> 'invoices')::bigint from bookkeeping.checkpoints");

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
