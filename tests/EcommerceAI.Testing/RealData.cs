using Xunit;

namespace EcommerceAI.Testing;

/// <summary>The real retailer's data, which lies beside the checkout and is not part of it.</summary>
public static class RealData
{
    /// <summary>A year of an online gift shop, 541,909 lines of CSV, gzipped. It may be absent.</summary>
    public static string OnlineRetail { get; } =
        Path.GetFullPath(RepositoryRoot.Combine("..", "shared", "data", "online-retail", "online_retail.csv.gz"));

    /// <summary>True where the file is there.</summary>
    public static bool IsPresent => File.Exists(OnlineRetail);
}

/// <summary>A test that reads <see cref="RealData.OnlineRetail"/>, and is skipped by name where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute()
    {
        if (!RealData.IsPresent)
            Skip = $"needs {RealData.OnlineRetail}";
    }
}
