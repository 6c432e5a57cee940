using EcommerceAI.Commerce.Customers;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Customers;

public sealed class CustomerDeciderTests
{
    private static readonly RegisterCustomer Register = new("17850", "United Kingdom", "Ada Lovelace", "ada@example.org");

    private static readonly Customer Known = new("17850", "France", "Ada", "ada@example.org", "1 Rue A\n75001 Paris", false);

    [Fact]
    public void A_new_customer_is_registered()
    {
        var registered = CustomerDecider.Decide(Customer.Initial, Register with { Name = " ", Country = " France " })
            .ShouldBeOne<CustomerRegistered>();
        registered.ShouldBe(new CustomerRegistered("17850", "France", null, "ada@example.org"));
        Customer.Evolve(Customer.Initial, registered).ShouldBe(new Customer("17850", "France", null, "ada@example.org", null, false));
    }

    [Fact]
    public void A_customer_is_registered_once() =>
        CustomerDecider.Decide(Known, Register).ShouldRefuse("customer_exists", "customerId");

    [Fact]
    public void A_forgotten_customer_stays_known_without_a_person()
    {
        var forgotten = CustomerDecider.Decide(Known, new ForgetCustomer("17850", "DSR-7")).ShouldBeOne<CustomerForgotten>();
        forgotten.ShouldBe(new CustomerForgotten("17850", "DSR-7"));
        Customer.Evolve(Known, forgotten).ShouldBe(new Customer("17850", "France", null, null, null, true));
    }

    [Fact]
    public void A_forgotten_customer_is_neither_forgotten_nor_registered_again()
    {
        var forgotten = Known with { IsForgotten = true };
        var again = CustomerDecider.Decide(forgotten, new ForgetCustomer("17850"));
        (again.Events.Count, again.Rejections.Count).ShouldBe((0, 0));
        CustomerDecider.Decide(forgotten, Register).ShouldRefuse("customer_exists", "customerId");
    }

    [Fact]
    public void A_customer_whom_nobody_knows_cannot_be_forgotten() =>
        CustomerDecider.Decide(Customer.Initial, new ForgetCustomer("17850")).Rejection!.Kind.ShouldBe(RejectionKind.NotFound);

    [Fact]
    public void The_reference_of_a_request_to_be_forgotten_is_no_free_text() =>
        CustomerDecider.Validate(new ForgetCustomer("17850", "Ada asked")).ShouldFind("reference: malformed");

    [Fact]
    public void An_address_may_have_lines_and_its_bound()
    {
        CustomerDecider.Validate(Register with { Address = "1 Rue A\n" + new string('x', 492) }).ShouldBeEmpty();
        CustomerDecider.Validate(Register with { Address = new string('x', 501) }).ShouldFind("address: too_long");
    }

    [Fact]
    public void Every_failing_field_is_reported_at_once() =>
        CustomerDecider.Decide(Customer.Initial, new RegisterCustomer("a b", new string('x', 61), new string('x', 201), "nobody"))
            .Rejections.ShouldFind("customerId: malformed", "country: too_long", "name: too_long", "email: malformed");

    [Fact]
    public void Missing_fields_are_reported_and_not_dereferenced() =>
        CustomerDecider.Validate(new RegisterCustomer(null!, null!)).ShouldFind("customerId: required", "country: required");

    [Fact]
    public void Texts_may_be_as_long_as_their_bounds()
    {
        var email = $"{new string('x', 64)}@{new string('y', 63)}.{new string('y', 63)}.{new string('y', 57)}.org";
        email.Length.ShouldBe(254);
        CustomerDecider.Validate(new RegisterCustomer(new string('x', 64), new string('x', 60), new string('x', 200), email))
            .ShouldBeEmpty();
        CustomerDecider.Validate(Register with { Email = $"x{email}" }).ShouldFind("email: too_long");
    }

    [Theory]
    [InlineData("ada@example.org", true)]
    [InlineData("ada.lovelace+shop@mail.example.co.uk", true)]
    [InlineData("ada", false)]
    [InlineData("ada@", false)]
    [InlineData("@example.org", false)]
    [InlineData("ada@example", false)]
    [InlineData("ada@example.org.", false)]
    [InlineData("ada@exa mple.org", false)]
    [InlineData("ada@b@example.org", false)]
    [InlineData("Ada <ada@example.org>", false)]
    [InlineData("ada@example.org, bob@example.org", false)]
    [InlineData("ada\n@example.org", false)]
    public void A_mail_address_is_plausible(string email, bool plausible) =>
        CustomerDecider.Validate(Register with { Email = email }).ShouldFind(plausible ? [] : ["email: malformed"]);

    [Fact]
    public void A_mail_address_that_a_json_store_cannot_hold_is_refused_once() =>
        CustomerDecider.Validate(Register with { Email = "ada\ud83d@example.org" }).ShouldFind("email: invalid_text");
}
