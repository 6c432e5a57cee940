namespace EcommerceAI.Api.Tests.Model;

/// <summary>The stock of a product, as a shopkeeper would keep it on paper.</summary>
internal sealed class ModelStock
{
    public long OnHand { get; set; }

    public Dictionary<string, int> Holds { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Promise> Promises { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Ended { get; } = new(StringComparer.Ordinal);

    public long Held => Holds.Values.Sum();

    public long Promised => Promises.Values.Sum(promise => promise.Open);

    public long Available => Math.Max(0, OnHand - Held - Promised);

    public IEnumerable<(string Place, object? Value)> Standing() =>
    [
        ("onHand", OnHand), ("held", Held), ("allocated", Promised), ("available", Available), ("shortfall", Math.Max(0, Held + Promised - OnHand)),
    ];

    /// <summary>Gives a promise up as far as it is open.</summary>
    public void Free(string order)
    {
        Promises.Remove(order);
        Ended.Add(order);
    }

    public void Leave(string order, int units)
    {
        OnHand -= units;
        var promise = Promises[order];
        promise.Left += units;
        promise.Picked = Math.Max(promise.Picked, promise.Left);
        if (promise.Open == 0) Free(order);
    }

    internal sealed class Promise(int units)
    {
        public int Units { get; set; } = units;

        public int Picked { get; set; }

        public int Left { get; set; }

        public int Open => Units - Left;
    }
}
