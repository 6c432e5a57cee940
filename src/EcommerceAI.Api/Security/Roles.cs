namespace EcommerceAI.Api.Security;

/// <summary>As what somebody may ask. A token or key speaks for one role; a rule names all that may pass.</summary>
[Flags]
public enum Roles
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>Who shows no token: a visitor.</summary>
    Anonymous = 1,

    /// <summary>A customer who has signed in; sees and touches only what is theirs.</summary>
    Shopper = 2,

    /// <summary>Works in one or more shops.</summary>
    Associate = 4,

    /// <summary>Runs the platform.</summary>
    Operator = 8,

    /// <summary>A program that acts for a customer.</summary>
    Agent = 16,

    /// <summary>Those who work here.</summary>
    Staff = Associate | Operator,

    /// <summary>Everybody, with or without a token.</summary>
    Everybody = Anonymous | Shopper | Associate | Operator | Agent,
}
