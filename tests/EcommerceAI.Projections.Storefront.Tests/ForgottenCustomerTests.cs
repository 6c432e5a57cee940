using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Projections.Storefront.Customers;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Projections.Storefront.Tests;

public sealed class ForgottenCustomerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly IReadOnlyList<BoundedContext> Contexts = BoundedContext.Scan();

    private static readonly EventTypes Types = new(
        Contexts.SelectMany(context => context.EventNames), Contexts.SelectMany(context => context.Upcasters),
        Contexts.SelectMany(context => context.PersonalFields), Contexts.SelectMany(context => context.ForgettingEvents));

    private static readonly CustomerRegistered Ada = new("C1", "France", "Ada Lovelace", "ada@example.org", "1 Rue A\n75001 Paris");

    [Fact]
    public async Task A_profile_drops_what_is_personal_with_the_event_and_says_since_when()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, Types);
        var history = ShopHistory.Of(Ada, Ada with { CustomerId = "C2" }, new CustomerForgotten("C1"));
        await shop.AppendAsync(history[..2]);
        await shop.CatchUpAsync(new CustomerProjection());
        var queries = new CustomerQueries(shop.Models);
        (await queries.FindAsync("C1")).Value!.Address.ShouldBe(Ada.Address);

        await shop.AppendAsync(history[2..]);
        await shop.CatchUpAsync(new CustomerProjection());

        var profile = (await queries.FindAsync("C1")).Value!;
        (profile.Name, profile.Email, profile.Address, profile.Country, profile.Version).ShouldBe((null, null, null, "France", 2));
        profile.ForgottenAt.ShouldBe(history[2].Event.Timestamp);
        (await queries.FindAsync("C2")).Value!.Name.ShouldBe(Ada.Name);
    }

    [Fact]
    public async Task Rows_stay_the_same_when_they_are_built_after_the_key_is_gone()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, Types);
        await shop.AppendAsync(ShopHistory.Of(71, 400));
        await shop.AppendAsync(ShopHistory.Of(Ada, new CustomerForgotten("C1")));
        await shop.CatchUpAsync(new CustomerProjection());
        var before = await shop.ProjectApartAsync(new CustomerProjection(), 50);
        before.ShouldContain("N. N.");

        (await new Forgetting(shop.Store, [new CustomerProjection()]).DestroyKeysAsync()).ShouldBeGreaterThan(1);

        foreach (var batchSize in new[] { 1, 7, 1000 }) (await shop.ProjectApartAsync(new CustomerProjection(), batchSize)).ShouldBe(before);
        (await new ProjectionVerification(shop.Store).RunAsync(new CustomerProjection())).IsEqual.ShouldBeTrue();
        await new ProjectionRebuild(shop.Store).RunAsync(new CustomerProjection());
        (await new ProjectionVerification(shop.Store).RunAsync(new CustomerProjection())).IsEqual.ShouldBeTrue();
    }
}
