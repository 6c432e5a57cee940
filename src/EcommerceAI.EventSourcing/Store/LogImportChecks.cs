using Npgsql;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>What an import must fulfil, asked of the tables that it is laid aside in; the first line at fault is told.</summary>
internal sealed class LogImportChecks(NpgsqlConnection connection)
{
    /// <summary>Each stream once, its versions from 1 without holes, and as many as its own line says.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await RefuseAsync(
            "select line, 'the stream ''' || id || ''' is told a second time' from "
            + "(select line, id, row_number() over (partition by id order by line) as place from pg_temp.import_streams) s where place > 1 order by line limit 1",
            cancellation);
        await RefuseAsync(
            $"""
             select line, 'version ' || version || ' of ''' || stream_id || ''' stands where version ' || place || ' should'
             from (select line, stream_id, version, row_number() over (partition by stream_id order by line) as place
                   from pg_temp.import_events where type <> '{EventTypes.Tombstone}') e
             where version <> place order by line limit 1
             """,
            cancellation);
        await RefuseAsync(
            $"""
             select s.line, 'the stream ''' || s.id || ''' should have ' || s.version || ' events and has ' || coalesce(e.events, 0) || '; is the file cut off?'
             from pg_temp.import_streams s
             left join (select stream_id, count(*) as events, bool_or(type = '{EventTypes.Tombstone}') as marks from pg_temp.import_events group by stream_id) e
                  on e.stream_id = s.id
             where s.version <> coalesce(e.events, 0) and e.marks is not true order by s.line limit 1
             """,
            cancellation);
    }

    /// <summary>Refuses streams that are there already.</summary>
    public Task RefusePresentAsync(CancellationToken cancellation) => RefuseAsync(
        """
        select line, 'the stream ''' || id || ''' is there already' from (
            select line, id from pg_temp.import_streams union all select line, stream_id from pg_temp.import_events) i
        where exists (select from events.mt_streams s where s.id = i.id) order by line limit 1
        """,
        cancellation);

    /// <summary>Refuses a store that holds anything.</summary>
    public Task RefuseUnlessEmptyAsync(CancellationToken cancellation) => RefuseAsync(
        """
        select null::bigint, 'the store is not empty; only streams that are not there yet can be appended to it'
        where exists (select from events.mt_streams) or exists (select from events.mt_events)
        """,
        cancellation);

    /// <summary>Whether every event has a position.</summary>
    public async Task<bool> HavePositionsAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select not exists (select from pg_temp.import_events where seq_id <= 0)", connection) { CommandTimeout = 0 };
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Refuses events without a position, and positions that do not rise.</summary>
    public Task RequirePositionsAsync(CancellationToken cancellation) => RefuseAsync(
        """
        select line, case when seq_id <= 0 then 'it has no position to keep' else 'position ' || seq_id || ' does not rise above ' || before end
        from (select line, seq_id, lag(seq_id, 1, 0::bigint) over (order by line) as before from pg_temp.import_events) e
        where seq_id <= before order by line limit 1
        """,
        cancellation);

    private async Task RefuseAsync(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (await reader.ReadAsync(cancellation))
            throw new LogImportException(await reader.IsDBNullAsync(0, cancellation) ? null : reader.GetInt64(0), reader.GetString(1));
    }
}
