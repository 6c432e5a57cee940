using System.Diagnostics;

namespace EcommerceAI.Commerce.Pricing;

/// <summary>The taxes of a region as its stream tells them.</summary>
/// <param name="Table">The table, or null before there is one.</param>
public sealed record RegionTaxes(TaxTable? Table)
{
    /// <summary>The state before the first event.</summary>
    public static RegionTaxes Initial { get; } = new((TaxTable?)null);

    /// <summary>The key of a region's stream, <c>tax-{region}</c>.</summary>
    /// <param name="region">The region.</param>
    /// <exception cref="ArgumentException"><paramref name="region"/> is no region.</exception>
    public static string StreamKey(string region) =>
        RegionFormat.IsWellFormed(region) ? $"tax-{region}" : throw new ArgumentException($"'{region}' is not a region.", nameof(region));

    /// <summary>Folds one event into the state.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static RegionTaxes Evolve(RegionTaxes state, DomainEvent @event) => @event switch
    {
        TaxTableCreated created => new RegionTaxes(new TaxTable(created.Region, created.Basis, created.Rates)),
        TaxTableChanged changed => new RegionTaxes(new TaxTable(changed.Region, changed.Basis, changed.Rates)),
        _ => state,
    };
}

/// <summary>What can be asked of the taxes of a region.</summary>
/// <param name="Region">The region.</param>
/// <param name="Basis">What its prices mean.</param>
/// <param name="Rates">
/// 1 to 1,000 rates, of a class, tax and beginning one each; one of the class <c>standard</c> must hold always.
/// </param>
public abstract record TaxTableCommand(string Region, TaxBasis Basis, IReadOnlyList<TaxRate> Rates);

/// <summary>Begins to keep the taxes of a region.</summary>
/// <param name="Region">The region.</param>
/// <param name="Basis">What its prices mean.</param>
/// <param name="Rates">The rates.</param>
public sealed record CreateTaxTable(string Region, TaxBasis Basis, IReadOnlyList<TaxRate> Rates) : TaxTableCommand(Region, Basis, Rates);

/// <summary>Gives a region other taxes; those that already stand change nothing.</summary>
/// <param name="Region">The region.</param>
/// <param name="Basis">What its prices mean.</param>
/// <param name="Rates">All rates.</param>
public sealed record ChangeTaxTable(string Region, TaxBasis Basis, IReadOnlyList<TaxRate> Rates) : TaxTableCommand(Region, Basis, Rates);

/// <summary>Decides what is asked of the taxes of a region.</summary>
public static class TaxTableDecider
{
    private const int MaxName = 40;

    /// <summary>What is wrong with the command's own fields, whatever the state; empty when nothing is.</summary>
    /// <param name="command">The command.</param>
    public static IReadOnlyList<Rejection> Validate(TaxTableCommand command)
    {
        var fields = new CommandFields();
        fields.Region("region", command.Region);
        if (!Enum.IsDefined(command.Basis)) fields.Refuse("basis", "out_of_range", "basis is none.");
        var seen = new HashSet<(string, string, DateTimeOffset?)>();
        fields.Lines("rates", command.Rates, (field, rate) =>
        {
            fields.Slug($"{field}.taxClass", rate.TaxClass);
            fields.RequiredText($"{field}.name", rate.Name, MaxName);
            fields.Percent($"{field}.percent", rate.Percent, allowsZero: true);
            if (!seen.Add((rate.TaxClass, rate.Name, rate.From)))
                fields.Refuse(field, "duplicate", $"{field} is a second rate of one class, tax and beginning.");
        });
        if (fields.Rejections.Count == 0 && !command.Rates.Any(rate => rate is { TaxClass: TaxTable.StandardClass, From: null }))
            fields.Refuse("rates", "required", "rates must hold one of the class standard without a beginning.");
        return fields.Rejections;
    }

    /// <summary>
    /// Answers a command: with events, with none where it changes nothing, or with <c>tax_table_exists</c>, <c>unknown_tax_table</c> or what
    /// <see cref="Validate"/> found.
    /// </summary>
    /// <param name="state">The taxes as they stand.</param>
    /// <param name="command">What is asked.</param>
    public static Decision Decide(RegionTaxes state, TaxTableCommand command)
    {
        if (Validate(command) is { Count: > 0 } rejections) return Decision.Reject(rejections);
        TaxRate[] rates = [.. command.Rates.Select(rate => rate with { Name = rate.Name.Trim(), From = rate.From?.ToUniversalTime() })];
        return (command, state.Table) switch
        {
            (CreateTaxTable, null) => Decision.Accept(new TaxTableCreated(command.Region, command.Basis, rates)),
            (CreateTaxTable, _) => Decision.Reject("tax_table_exists", $"The taxes of {command.Region} are kept already.", "region"),
            (ChangeTaxTable, null) => Decision.NotFound("unknown_tax_table", $"No taxes are kept for {command.Region}."),
            (ChangeTaxTable, { } table) => table.Basis == command.Basis && table.Rates.SequenceEqual(rates)
                ? Decision.Accept()
                : Decision.Accept(new TaxTableChanged(command.Region, command.Basis, rates)),
            _ => throw new UnreachableException($"No rule for {command.GetType().Name}."),
        };
    }
}
