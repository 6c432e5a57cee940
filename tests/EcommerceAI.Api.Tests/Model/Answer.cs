namespace EcommerceAI.Api.Tests.Model;

/// <summary>What the model says to a command at one moment.</summary>
/// <param name="Refusals">Codes of all that stands against it; the shop may tell any of them.</param>
/// <param name="Effect">What it changes; null where it changes nothing.</param>
/// <param name="Says">What the reply must show once it is carried out, by the places in its body.</param>
internal sealed record Answer(IReadOnlyList<string> Refusals, Action? Effect, Func<IEnumerable<(string Place, object? Value)>> Says)
{
    public bool IsRefused => Refusals.Count > 0;

    public static Answer No(params IReadOnlyList<string> codes) => new(codes, null, () => []);

    public static Answer Yes(Action effect, Func<IEnumerable<(string Place, object? Value)>>? says = null) => new([], effect, says ?? (() => []));

    /// <summary>Carried out already, or nothing to be done: accepted all the same.</summary>
    public static Answer Same(Func<IEnumerable<(string Place, object? Value)>>? says = null) => new([], null, says ?? (() => []));
}
