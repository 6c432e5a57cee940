namespace EcommerceAI.Commerce;

/// <summary>
/// A fact of the business. Every event record of every context derives from this, through the closed family of its own
/// stream; <see cref="BoundedContext.Scan()"/> refuses to start when one of them has no name.
/// </summary>
public abstract record DomainEvent;
