using Npgsql;

namespace EcommerceAI.EventSourcing.Projections;

/// <summary>What queries over read models read again and again.</summary>
public static class RowReading
{
    /// <summary>Reads every row that is left of the current result.</summary>
    /// <typeparam name="T">A row.</typeparam>
    /// <param name="reader">The reader.</param>
    /// <param name="row">Reads the row that the reader stands on.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<List<T>> ReadRowsAsync<T>(
        this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> row, CancellationToken cancellation = default)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation)) rows.Add(row(reader));
        return rows;
    }

    /// <summary>Moves on to the next result and reads every row of it.</summary>
    /// <typeparam name="T">A row.</typeparam>
    /// <param name="reader">The reader.</param>
    /// <param name="row">Reads the row that the reader stands on.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<List<T>> ReadNextRowsAsync<T>(
        this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> row, CancellationToken cancellation = default)
    {
        await reader.NextResultAsync(cancellation);
        return await reader.ReadRowsAsync(row, cancellation);
    }

    /// <summary>A text, or null for SQL's null.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="ordinal">The column, from 0.</param>
    public static string? GetText(this NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    /// <summary>A moment, in UTC.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="ordinal">The column, from 0.</param>
    public static DateTimeOffset GetMoment(this NpgsqlDataReader reader, int ordinal) => reader.GetFieldValue<DateTimeOffset>(ordinal);

    /// <summary>A moment in UTC, or null for SQL's null.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="ordinal">The column, from 0.</param>
    public static DateTimeOffset? GetMomentOrNull(this NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetMoment(ordinal);
}
