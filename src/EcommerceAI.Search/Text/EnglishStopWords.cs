using System.Collections.Frozen;

namespace EcommerceAI.Search.Text;

/// <summary>
/// English function words: articles, pronouns, prepositions, conjunctions and auxiliaries; without those that are names of things
/// or say where something is ("can", "will", "down", "over", "under"), for there they tell.
/// </summary>
internal static class EnglishStopWords
{
    public static readonly FrozenSet<string> All = """
        a about also am an and any are as at be because been being both but by could did do does doing during each few for from had has
        have having he her hers him his how i if in into is it its just me more most my no nor not of on only or other our ours same
        she should so some something somewhere someone such than that the their theirs them then there these they this those through
        to too until very was we were what when where which while who whom whose why with without would you your yours
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet();
}
