using Npgsql;
using NpgsqlTypes;

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

    public static NpgsqlParameter Parameter(object? value) => value switch
    {
        null => new NpgsqlParameter { Value = DBNull.Value },
        // Read models keep moments in UTC. Left to itself the driver goes by the first element, and null has no time zone.
        DateTime[] or DateTime?[] => new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
        _ => new NpgsqlParameter { Value = value },
    };
}
