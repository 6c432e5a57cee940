using System.Collections.Frozen;

namespace EcommerceAI.Search.Text;

/// <summary>English function words: articles, pronouns, prepositions, conjunctions and auxiliaries.</summary>
internal static class EnglishStopWords
{
    public static readonly FrozenSet<string> All = """
        a about above after again all also am an and any are as at be because been before being below between both but by can could did do
        does doing down during each few for from further had has have having he her here hers him his how i if in into is it its
        just me more most my no nor not of off on once only or other our ours out over own same she should so some something somewhere
        someone such than that the their theirs them then there these they this those through to too under until up very was we were
        what when where which while who whom why will with without would you your yours
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet();
}
