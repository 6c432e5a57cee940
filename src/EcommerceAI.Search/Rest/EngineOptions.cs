namespace EcommerceAI.Search.Rest;

/// <summary>How a search engine is reached, and how long it is waited for.</summary>
public sealed class EngineOptions
{
    /// <summary>The engine's address, http or https, a path before its own included.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The key sent with each request, or null where the engine asks for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>A PEM file of the authorities that the engine's certificate may come from; null for those of the machine.</summary>
    public string? CertificateAuthorities { get; init; }

    /// <summary>How long one attempt may take, its reply included.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often a write that met an overloaded or absent engine (429, 502, 503, 504, no connection) is tried again; a search is not, for
    /// whoever waits for it has the other leg.
    /// </summary>
    public int WriteRetries { get; init; } = 4;

    /// <summary>The wait before the first retry; it doubles each time, with jitter, and is as long as the engine asks for where it does.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>So many failures of half of all requests or more within <see cref="BreakDuration"/> open the circuit.</summary>
    public int FailuresToBreak { get; init; } = 8;

    /// <summary>How long an open circuit lets no request through; then one tries.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(5);

    internal static string? WhatIsWrongWith(EngineOptions options) =>
        !options.Endpoint.IsAbsoluteUri || options.Endpoint.Scheme is not ("http" or "https")
            ? $"A search engine's address begins with http or https, not '{options.Endpoint}'."
        : options.AttemptTimeout <= TimeSpan.Zero ? "An attempt must be given more than no time."
        : options.WriteRetries is < 0 or > 20 ? $"A write is tried again 0 to 20 times, not {options.WriteRetries}."
        : options.RetryDelay < TimeSpan.Zero ? "The wait before a retry must not be negative."
        : options.FailuresToBreak < 2 ? $"A circuit opens after 2 failures or more, not {options.FailuresToBreak}."
        : options.BreakDuration < TimeSpan.FromMilliseconds(500) ? "A circuit stays open for half a second or more."
        : null;
}
