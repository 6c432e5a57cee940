using EcommerceAI.Commerce;

namespace EcommerceAI.Api.Http;

/// <summary>A path whose id is not even well-formed names nothing, the same as an id that nobody has.</summary>
internal static class Missing
{
    public static CommandPlan Plan(string code, string message) => new(
        [new Rejection(code, message, Kind: RejectionKind.NotFound)],
        (_, _) => throw new InvalidOperationException("A plan with rejections is not carried out."));
}
