using Npgsql;

namespace EcommerceAI.EventSourcing.Projections;

/// <summary>Statements whose schema is that of a generation.</summary>
internal static class SchemaSql
{
    public static string In(string sql, string schema) => sql.Replace("{schema}", schema, StringComparison.Ordinal);

    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string schema, IEnumerable<object?> parameters)
    {
        var command = new NpgsqlCommand(In(sql, schema), connection);
        foreach (var value in parameters) command.Parameters.Add(Parameter(value));
        return command;
    }

    public static NpgsqlParameter Parameter(object? value) => new() { Value = value ?? DBNull.Value };
}
