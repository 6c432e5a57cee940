namespace EcommerceAI.Search.Tests;

/// <summary>A test that needs the folder of real data beside the repository; skipped, by name, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute()
    {
        if (!File.Exists(RealData.Transactions)) Skip = "Needs ../shared/data beside the repository.";
    }
}
