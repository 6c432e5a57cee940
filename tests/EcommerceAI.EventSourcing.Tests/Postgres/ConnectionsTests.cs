using EcommerceAI.EventSourcing.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Postgres;

public sealed class ConnectionsTests
{
    [Theory]
    [InlineData("Host=x", true, 100)]
    [InlineData("Host=x;No Reset On Close=false;Max Auto Prepare=7", false, 7)]
    [InlineData("Host=x;NoResetOnClose=false", false, 100)]
    [InlineData("Host=x;No Reset On Close=true", true, 100)]
    public void What_the_operator_set_is_left_as_it_is(string given, bool keepsSession, int prepared)
    {
        foreach (var made in new[] { Connections.ForReading(given), Connections.ForWriting(given) })
            new NpgsqlConnectionStringBuilder(made).ShouldSatisfyAllConditions(
                settings => settings.NoResetOnClose.ShouldBe(keepsSession), settings => settings.MaxAutoPrepare.ShouldBe(prepared));
    }
}
