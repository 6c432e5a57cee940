using EcommerceAI.Api.Security;

namespace EcommerceAI.Api.Tests;

public sealed class LimitTests : IAsyncLifetime
{
    private readonly ApiFixture _api = new() { Settings = ["--Security:Limits:PerAddress=1", "--Queries:Patience=00:00:00.1"] };

    public Task InitializeAsync() => _api.InitializeAsync();

    public Task DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task An_address_beyond_its_rate_is_told_when_to_go_on_and_health_is_told_all_the_same()
    {
        Reply? refused = null;
        for (var i = 0; i < 20 && refused is null; i++)
        {
            if (await _api.As(Roles.Anonymous).GetAsync("/v1/products") is { Status: HttpStatusCode.TooManyRequests } reply) refused = reply;
        }

        refused.ShouldNotBeNull().ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_requests");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await _api.As(Roles.Anonymous).GetAsync("/health/live")).ShouldBe(HttpStatusCode.OK);
    }
}
