namespace EcommerceAI.Search.Tests;

/// <summary>A test over the real year that needs WordNet's database files too; skipped by name where either is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WordNetFactAttribute : FactAttribute
{
    public WordNetFactAttribute()
    {
        if (!File.Exists(RealData.Transactions)) Skip = $"needs {RealData.Transactions}";
        else if (!WordNet.IsPresent) Skip = "needs WordNet (Debian's wordnet-base)";
    }
}
