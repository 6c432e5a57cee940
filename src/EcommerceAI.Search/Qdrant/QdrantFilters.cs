using EcommerceAI.Search.Vectors;

namespace EcommerceAI.Search.Qdrant;

/// <summary>A filter of ours in Qdrant's words.</summary>
internal static class QdrantFilters
{
    /// <summary>Documents that can be found: not those of which only the version is kept.</summary>
    public static Condition Live { get; } = new("live", new Match(Value: true));

    /// <summary>The filter; null where it admits nothing, so that nothing need be asked.</summary>
    public static Filter? Of(VectorFilter? filter)
    {
        var (must, mustNot) = (new List<Condition> { Live }, new List<Condition>());
        foreach (var condition in filter?.Conditions ?? [])
            switch (condition)
            {
                case VectorCondition.AnyOf { Values.Count: 0 } or VectorCondition.IdIn { Ids.Count: 0 }:
                    return null;
                case VectorCondition.AnyOf any:
                    must.Add(new(Key("keywords", any.Field), new Match(Any: any.Values)));
                    break;
                case VectorCondition.NoneOf { Values.Count: > 0 } none:
                    mustNot.Add(new(Key("keywords", none.Field), new Match(Any: none.Values)));
                    break;
                case VectorCondition.Between between:
                    must.Add(new(Key("numbers", between.Field), Range: new(between.AtLeast ?? double.MinValue, between.AtMost ?? double.MaxValue)));
                    break;
                case VectorCondition.IdIn ids:
                    must.Add(new(HasId: [.. ids.Ids.Distinct(StringComparer.Ordinal).Select(PointIds.Of)]));
                    break;
            }
        return new(must, mustNot.Count > 0 ? mustNot : null);
    }

    /// <summary>Where a field lies in the payload; a name of other than letters, digits and underscores is quoted.</summary>
    public static string Key(string group, string field)
    {
        if (field.Contains('"', StringComparison.Ordinal)) throw new ArgumentException($"A field's name has no quotation mark, not '{field}'.", nameof(field));
        return field.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? $"{group}.{field}" : $"{group}.\"{field}\"";
    }
}
