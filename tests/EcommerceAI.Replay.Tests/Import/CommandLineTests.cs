using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.AsOf;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.Import;

public sealed class CommandLineTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("2011-06-01T00:00+01:00")]
    [InlineData("2011-06-01T00:00:00Z")]
    public void A_moment_with_an_offset_is_a_point(string text)
    {
        PointArgument.TryParse(text, out var point).ShouldBeTrue();
        point.ShouldBeOfType<StreamPoint.AtMoment>().Moment.UtcDateTime.Month.ShouldBe(text.EndsWith('Z') ? 6 : 5);
    }

    [Theory]
    [InlineData("2011-06-01T00:00")]
    [InlineData("2011-06-01")]
    [InlineData("yesterday")]
    [InlineData("v")]
    [InlineData("v-3")]
    [InlineData("#")]
    [InlineData("")]
    public void What_would_mean_another_moment_elsewhere_or_nothing_is_no_point(string text) =>
        PointArgument.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_version_and_a_position_are_points()
    {
        PointArgument.TryParse("v3", out var version).ShouldBeTrue();
        version.ShouldBe(new StreamPoint.AtVersion(3));
        PointArgument.TryParse("#1200", out var position).ShouldBeTrue();
        position.ShouldBe(new StreamPoint.AtPosition(1200));
    }

    [Theory]
    [InlineData("as-of", "yesterday", "order-1")]
    [InlineData("import", "online-retail")]
    [InlineData("no-such-command")]
    [InlineData("generate", "x.csv", "--lines", "0")]
    public async Task Arguments_that_make_no_sense_end_with_code_2_and_say_why(params string[] arguments)
    {
        var result = await ReplayProcess.RunAsync(arguments);
        result.ExitCode.ShouldBe(2, result.ToString());
        result.Output.ShouldBeEmpty();
        result.Errors.ShouldContain("--help");
    }

    [Theory]
    [InlineData("There is no projection 'nonsense'", "rebuild", "nonsense")]
    [InlineData("has no event up to there", "as-of", "v1", "order-none")]
    [InlineData("is of no known category", "as-of", "v1", "nonsense-1")]
    public async Task What_cannot_be_done_ends_with_code_1_and_one_line(string expected, params string[] arguments)
    {
        var store = await ImportedStore.CreateAsync(postgres);
        var result = await store.RunAsync(arguments);
        result.ExitCode.ShouldBe(1, result.ToString());
        result.Errors.ShouldContain(expected);
        result.Errors.TrimEnd().ShouldNotContain("\n");
    }

    [Fact]
    public async Task A_server_that_is_not_there_ends_with_code_1_and_one_line()
    {
        var result = await ReplayProcess.RunAsync("verify", "--connection", "Host=127.0.0.1;Port=1;Username=nobody;Timeout=2");
        result.ExitCode.ShouldBe(1, result.ToString());
        result.Errors.TrimEnd().ShouldNotContain("\n");
    }
}
