namespace EcommerceAI.Commerce;

/// <summary>An amount of money in integer minor units (pence, cents, yen) of its currency.</summary>
/// <param name="Minor">Minor units; negative for what flows back.</param>
/// <param name="Currency">ISO 4217 alphabetic code, upper case.</param>
public readonly record struct Money(long Minor, string Currency)
{
    /// <summary>Adds two amounts of one currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator +(Money left, Money right) =>
        left.Currency == right.Currency
            ? left with { Minor = checked(left.Minor + right.Minor) }
            : throw new InvalidOperationException($"Cannot add {right.Currency} to {left.Currency}.");

    /// <summary>The same amount flowing the other way.</summary>
    public static Money operator -(Money money) => money with { Minor = checked(-money.Minor) };

    /// <summary>Adds two amounts of one currency.</summary>
    public static Money Add(Money left, Money right) => left + right;

    /// <summary>The same amount flowing the other way.</summary>
    public static Money Negate(Money money) => -money;

    /// <summary>Nothing, in <paramref name="currency"/>.</summary>
    public static Money Zero(string currency) => new(0, currency);
}

/// <summary>
/// The price of one unit: a decimal of up to four places that is rounded once, half to even, when it becomes an amount.
/// </summary>
/// <param name="Amount">Major units (pounds, euros), at most four decimal places.</param>
/// <param name="Currency">ISO 4217 alphabetic code, upper case.</param>
public readonly record struct UnitPrice(decimal Amount, string Currency)
{
    /// <summary>The most decimal places that a unit price has.</summary>
    public const int Scale = 4;

    /// <summary>The amount of <paramref name="quantity"/> units, rounded half to even to the currency's minor unit.</summary>
    /// <param name="quantity">Units; negative for what flows back.</param>
    public Money Times(int quantity) => Currencies.ToMoney(Amount * quantity, Currency);
}
