using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Projections.Storefront;

/// <summary>A column of a table of sums, and how a row's value for it is found.</summary>
/// <typeparam name="TRow">A row.</typeparam>
/// <param name="Name">The column.</param>
/// <param name="Type">Its SQL type.</param>
/// <param name="Values">The values of rows, as an array of what the type maps to.</param>
internal sealed record SumColumn<TRow>(string Name, string Type, Func<TRow[], Array> Values)
{
    public static SumColumn<TRow> Text(string name, Func<TRow, string> value) => Of(name, "text", value);

    public static SumColumn<TRow> Date(string name, Func<TRow, DateOnly> value) => Of(name, "date", value);

    public static SumColumn<TRow> Count(string name, Func<TRow, int> value) => Of(name, "integer", value);

    public static SumColumn<TRow> Whole(string name, Func<TRow, long> value) => Of(name, "bigint", value);

    public static SumColumn<TRow> Exact(string name, Func<TRow, decimal> value) => Of(name, "numeric", value);

    private static SumColumn<TRow> Of<TValue>(string name, string type, Func<TRow, TValue> value) =>
        new(name, type, rows => Array.ConvertAll(rows, row => value(row)));
}

/// <summary>
/// A table of sums that grows by differences: one statement a batch, whatever the number of rows. A row is there once its key was
/// touched, even by differences that cancel out, so that the rows do not depend on how events are cut into batches.
/// </summary>
/// <typeparam name="TRow">Differences for one key.</typeparam>
internal sealed class SumTable<TRow>
{
    private readonly string _sql;
    private readonly SumColumn<TRow>[] _columns;

    /// <summary>Names the table.</summary>
    /// <param name="table">The table, without its schema.</param>
    /// <param name="keys">Its primary key.</param>
    /// <param name="sums">Its other columns.</param>
    public SumTable(string table, SumColumn<TRow>[] keys, SumColumn<TRow>[] sums)
    {
        _columns = [.. keys, .. sums];
        var names = string.Join(", ", _columns.Select(column => column.Name));
        // Rows arrive in the order of the key, so that neighbours in the index are written together.
        _sql =
            $$"""
            insert into {schema}.{{table}} as s ({{names}})
            select * from unnest({{string.Join(", ", _columns.Select((column, i) => $"${i + 1}::{column.Type}[]"))}}) as d ({{names}})
            order by {{string.Join(", ", keys.Select(key => key.Type == "text" ? $"d.{key.Name} collate \"C\"" : $"d.{key.Name}"))}}
            on conflict ({{string.Join(", ", keys.Select(key => key.Name))}})
            do update set {{string.Join(", ", sums.Select(sum => $"{sum.Name} = s.{sum.Name} + excluded.{sum.Name}"))}}
            """;
    }

    /// <summary>Adds differences; at most one row a key.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="rows">The differences.</param>
    public async Task AddAsync(ProjectionBatch batch, TRow[] rows)
    {
        if (rows.Length > 0) await batch.ExecuteAsync(_sql, [.. _columns.Select(column => column.Values(rows))]);
    }
}
