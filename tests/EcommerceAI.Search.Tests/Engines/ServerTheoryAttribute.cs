namespace EcommerceAI.Search.Tests.Engines;

/// <summary>A theory that needs a real server, skipped by name where its address is not in the environment.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServerTheoryAttribute : TheoryAttribute
{
    public ServerTheoryAttribute(string variable)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable))) Skip = $"needs a server at {variable}";
    }
}
