using Npgsql;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>The conditions of a WHERE clause that are asked for, with their parameters.</summary>
internal sealed class Conditions
{
    private readonly List<string> _conditions = [];
    private readonly List<NpgsqlParameter> _parameters = [];

    /// <summary>Adds a condition in which <c>@1</c>, <c>@2</c>, … stand for the values; none where one of them is null.</summary>
    public Conditions And(string condition, params ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
        {
            if (value is null) return this;
        }

        for (var i = values.Length; i > 0; i--)
            condition = condition.Replace($"@{i}", $"${_parameters.Count + i}", StringComparison.Ordinal);
        foreach (var value in values) _parameters.Add(new NpgsqlParameter { Value = value });
        _conditions.Add(condition);
        return this;
    }

    /// <summary>Adds the condition that a stream's key is of a category.</summary>
    public Conditions AndCategory(string column, string? category) => And($"({column} = @1 or starts_with({column}, @1 || '-'))", category);

    /// <summary>A command whose <c>{where}</c> is these conditions.</summary>
    public NpgsqlCommand Command(NpgsqlDataSource source, string sql)
    {
        var command = source.CreateCommand(sql.Replace(
            "{where}", _conditions.Count == 0 ? "" : "where " + string.Join(" and ", _conditions), StringComparison.Ordinal));
        foreach (var parameter in _parameters) command.Parameters.Add(parameter);
        return command;
    }
}
