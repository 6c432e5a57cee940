namespace EcommerceAI.EventSourcing.Tests.Privacy;

/// <summary>The bytes that the server has on its disk, as the server itself reads them.</summary>
internal static class PhysicalFiles
{
    /// <summary>The relations of this database, after a checkpoint, whose files hold the bytes; with the write-ahead log on request.</summary>
    public static async Task<List<string>> FindAsync(TestDatabase database, byte[] bytes, bool withLog = false)
    {
        await database.ExecuteAsync("checkpoint");
        var hex = Convert.ToHexStringLower(bytes);
        var found = await database.LinesAsync(
            $"""
             select oid::regclass::text from pg_class
             where pg_relation_filepath(oid) is not null and relkind in ('r', 'i', 't', 'm')
               and position('\x{hex}'::bytea in pg_read_binary_file(pg_relation_filepath(oid), 0, 1000000000, true)) > 0
             """);
        if (withLog)
            found.AddRange(await database.LinesAsync(
                $"select 'pg_wal/' || name from pg_ls_waldir() where position('\\x{hex}'::bytea in pg_read_binary_file('pg_wal/' || name, 0, 1000000000, true)) > 0"));
        return found;
    }
}
