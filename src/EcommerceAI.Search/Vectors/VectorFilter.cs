namespace EcommerceAI.Search.Vectors;

/// <summary>Which documents may be found: those that meet every condition. Judged by the keywords and numbers written with a vector.</summary>
/// <param name="Conditions">The conditions; none admits all.</param>
public sealed record VectorFilter(params IReadOnlyList<VectorCondition> Conditions);

/// <summary>A condition of a filter.</summary>
public abstract record VectorCondition
{
    private VectorCondition()
    {
    }

    /// <summary>One of the field's keywords is among the values, compared ordinally; no value admits none.</summary>
    /// <param name="Field">The keyword field.</param>
    /// <param name="Values">The values.</param>
    public sealed record AnyOf(string Field, params IReadOnlyList<string> Values) : VectorCondition;

    /// <summary>None of the field's keywords is among the values; a document without the field passes.</summary>
    /// <param name="Field">The keyword field.</param>
    /// <param name="Values">The values.</param>
    public sealed record NoneOf(string Field, params IReadOnlyList<string> Values) : VectorCondition;

    /// <summary>The field's number lies in a range, both ends included; a document without the field does not pass.</summary>
    /// <param name="Field">The number field.</param>
    /// <param name="AtLeast">The least, or null.</param>
    /// <param name="AtMost">The greatest, or null.</param>
    public sealed record Between(string Field, double? AtLeast, double? AtMost) : VectorCondition;

    /// <summary>The document is one of these: for what only another index can judge.</summary>
    /// <param name="Ids">The documents' ids.</param>
    public sealed record IdIn(IReadOnlyCollection<string> Ids) : VectorCondition;
}
