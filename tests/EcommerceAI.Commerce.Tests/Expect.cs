using Shouldly;

namespace EcommerceAI.Commerce.Tests;

/// <summary>What a test says of a decision.</summary>
internal static class Expect
{
    public static TEvent ShouldBeOne<TEvent>(this Decision decision)
        where TEvent : DomainEvent
    {
        decision.Rejections.ShouldBeEmpty();
        return decision.Events.ShouldHaveSingleItem().ShouldBeOfType<TEvent>();
    }

    public static void ShouldRefuse(this Decision decision, string code, string? field = null, RejectionKind kind = RejectionKind.Refused)
    {
        decision.Events.ShouldBeEmpty();
        var rejection = decision.Rejections.ShouldHaveSingleItem();
        (rejection.Code, rejection.Field, rejection.Kind).ShouldBe((code, field, kind));
        rejection.Message.ShouldNotBeNullOrWhiteSpace();
    }

    /// <summary>Every failing field as <c>field: code</c>, and nothing else.</summary>
    public static void ShouldFind(this IReadOnlyList<Rejection> rejections, params string[] findings)
    {
        rejections.Select(rejection => $"{rejection.Field}: {rejection.Code}").ShouldBe(findings);
        rejections.ShouldAllBe(rejection => rejection.Kind == RejectionKind.Invalid);
    }
}
