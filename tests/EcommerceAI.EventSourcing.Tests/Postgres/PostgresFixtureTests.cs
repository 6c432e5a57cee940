using EcommerceAI.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Postgres;

public sealed class PostgresFixtureTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Each_test_gets_an_empty_database_of_its_own()
    {
        var strings = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => postgres.CreateDatabaseAsync()));

        strings.Distinct().Count().ShouldBe(8);
        foreach (var connectionString in strings)
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("CREATE TABLE same_name (id int)", connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
