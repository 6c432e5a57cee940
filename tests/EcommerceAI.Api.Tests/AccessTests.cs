using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcommerceAI.Api.Security;

namespace EcommerceAI.Api.Tests;

/// <summary>
/// Every endpoint of the OpenAPI document, asked in every role. What the document says of an endpoint (<c>x-roles</c>) must be what the
/// host does, and an endpoint that says nothing fails.
/// </summary>
public sealed partial class AccessTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Reservation = "r-1";

    private static readonly Roles[] Callers = [Roles.Anonymous, Roles.Shopper, Roles.Associate, Roles.Operator, Roles.Agent];

    [Fact]
    public async Task Every_endpoint_states_who_may_use_it()
    {
        foreach (var (route, operation) in await ReadAsync()) operation["x-roles"].ShouldNotBeNull($"{route} has no rule: say .Allow(...) where it is mapped.");
    }

    [Fact]
    public async Task Every_endpoint_lets_in_the_roles_of_its_rule_and_nobody_else_also_not_to_what_is_somebody_elses()
    {
        var theirs = await BelongingsOfAsync("kari");
        foreach (var (route, operation) in await ReadAsync())
        {
            var allowed = operation["x-roles"]!.AsArray().Select(role => (string)role!).ToList();
            foreach (var role in Callers)
            {
                var status = await AskAsync(api.As(role, role is Roles.Shopper or Roles.Agent ? Guid.CreateVersion7().ToString() : null), route, operation, theirs);
                var (isIn, refusal) = (allowed.Contains(Caller.Word(role)), role == Roles.Anonymous ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden);
                if (isIn) status.ShouldNotBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
                else status.ShouldBe(refusal, $"{route} as {role}");
                ((int)status).ShouldBeLessThan(500, $"{route} as {role}");
            }
        }
    }

    [Fact]
    public async Task A_shopper_and_their_agent_reach_what_is_their_own()
    {
        var mine = await BelongingsOfAsync("ola");
        foreach (var role in new[] { Roles.Shopper, Roles.Agent })
        {
            foreach (var (route, operation) in (await ReadAsync()).Where(item => item.Operation["x-roles"]!.AsArray().Any(role => (string?)role == "owner")))
                (await AskAsync(api.As(role, mine.Customer), route, operation, mine)).ShouldNotBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task A_shopper_orders_in_their_own_name_only_and_a_visitor_in_nobodys()
    {
        var (sku, _) = await api.Client.CreateStockedProductAsync(10);
        var (own, other) = (await RegisterAsync("mine"), await RegisterAsync("other"));
        object Body(string customer) => new { country = "Norway", customerId = customer, lines = new[] { new { sku, quantity = 1 } } };

        (await api.As(Roles.Shopper, own).PostAsync("/v1/orders", Body(own))).ShouldBe(HttpStatusCode.Created);
        (await api.As(Roles.Shopper, own).PostAsync("/v1/orders", Body(other))).ShouldBe(HttpStatusCode.UnprocessableEntity).Body.ShouldContain("not_your_customer");
        (await api.As(Roles.Anonymous).PostAsync("/v1/orders", Body(other))).ShouldBe(HttpStatusCode.UnprocessableEntity).Body.ShouldContain("not_your_customer");
    }

    [Theory]
    [InlineData("Bearer nonsense")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4Iiwicm9sZSI6Im9wZXJhdG9yIn0.")]
    [InlineData("Basic b3BlcmF0b3I6")]
    public async Task A_token_that_is_not_ours_is_refused_even_where_visitors_may_pass(string authorization) =>
        (await api.As(Roles.Anonymous).GetAsync("/v1/products", ("Authorization", authorization))).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");

    [Fact]
    public async Task A_visitor_is_told_of_a_path_or_method_that_is_not_there_and_not_to_sign_in()
    {
        var visitor = api.As(Roles.Anonymous);
        (await visitor.GetAsync("/v1/nothing")).ShouldBe(HttpStatusCode.NotFound);
        (await visitor.SendAsync(HttpMethod.Delete, "/v1/products", null)).ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task The_events_of_a_command_say_who_caused_them()
    {
        var (sku, _) = await api.Client.CreateProductAsync();
        (await api.QueryAsync<string>($"select headers::text from events.mt_events where stream_id = 'product-{sku}'"))
            .ShouldBe("""{"role": "operator", "principal": "test-Operator"}""");
    }

    /// <summary>What a customer has: an order, a cart, a reservation.</summary>
    private async Task<Belongings> BelongingsOfAsync(string name)
    {
        var (sku, _) = await api.Client.CreateStockedProductAsync(100);
        var customer = await RegisterAsync(name);
        var order = await api.Client.PostAsync("/v1/orders", new { country = "Norway", customerId = customer, lines = new[] { new { sku, quantity = 1 } } });
        var cart = await api.Client.PostAsync("/v1/carts", new { currency = "GBP", customerId = customer });
        var dropId = $"drop-{name}";
        var (startsAt, endsAt) = (DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddHours(1));
        (await api.Client.PostAsync("/v1/flash-sales", new { dropId, sku, location = "warehouse", quantity = 5, startsAt, endsAt, limitPerCustomer = 1 })).ShouldBe(HttpStatusCode.Created);
        (await api.Client.PostAsync($"/v1/flash-sales/{dropId}/reservations", new { reservationId = Reservation, customerId = customer })).ShouldBe(HttpStatusCode.Created);
        return new Belongings(
            customer, (string)order.ShouldBe(HttpStatusCode.Created).Json["orderId"]!, (string)cart.ShouldBe(HttpStatusCode.Created).Json["cartId"]!, dropId);
    }

    private async Task<string> RegisterAsync(string name) =>
        (string)(await api.Client.PostAsync("/v1/customers", new { country = "Norway", name })).ShouldBe(HttpStatusCode.Created).Json["customerId"]!;

    /// <summary>Bodies are left empty: who is let in learns that, so nothing is changed.</summary>
    private static async Task<HttpStatusCode> AskAsync(ApiClient client, string route, JsonNode operation, Belongings theirs)
    {
        var (method, path) = (route[..route.IndexOf(' ', StringComparison.Ordinal)], route[(route.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        var id = path.StartsWith("/v1/customers", StringComparison.Ordinal) ? theirs.Customer
            : path.StartsWith("/v1/orders", StringComparison.Ordinal) ? theirs.Order
            : path.StartsWith("/v1/carts", StringComparison.Ordinal) ? theirs.Cart : theirs.Drop;
        path = path.Replace("{id}", id, StringComparison.Ordinal).Replace("{reservationId}", Reservation, StringComparison.Ordinal)
            .Replace("{sku}", "NONE-1", StringComparison.Ordinal).Replace("{location}", "nowhere", StringComparison.Ordinal)
            .Replace("{region}", "XX", StringComparison.Ordinal);
        path = Placeholder().Replace(path, "none-1");
        // In the content type that the endpoint takes: routing turns others away before anybody asks who it is.
        var type = operation["requestBody"]?["content"]?.AsObject().Single().Key ?? "application/json";
        using var body = new StringContent("[]", System.Text.Encoding.UTF8, type);
        return (await client.SendAsync(new HttpMethod(method), path, method == "GET" ? null : body)).Status;
    }

    private async Task<List<(string Route, JsonNode Operation)>> ReadAsync() => await OpenApiRoutes.ReadAsync(api.Client);

    [GeneratedRegex(@"\{\w+\}", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();

    private sealed record Belongings(string Customer, string Order, string Cart, string Drop);
}
