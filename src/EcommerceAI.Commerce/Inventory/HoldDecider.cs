using System.Globalization;

namespace EcommerceAI.Commerce.Inventory;

/// <summary>Decides what is asked about holds.</summary>
internal static class HoldDecider
{
    /// <summary>The reason of a hold that ran out.</summary>
    public const string RanOut = "expired";

    public static Decision Hold(Stock state, string sku, HoldStock command)
    {
        StockHoldReleased[] expired = [];
        if (state.Holds.TryGetValue(command.HoldId, out var there)) return Again(there, sku, command);
        if (state.EndedHolds.Contains(command.HoldId))
            return Decision.Reject("hold_ended", $"Hold {command.HoldId} has ended; a new one needs an id of its own.", "holdId");
        var after = state;
        if (state.AvailableTo(command.Channel) < command.Quantity)
        {
            // Those whose time is over make room, also where the timer that clears them away is late.
            expired = Expired(state, sku, command.Location, command.At);
            after = expired.Aggregate(state, Stock.Evolve);
        }

        var available = after.AvailableTo(command.Channel);
        if (available < command.Quantity)
            return Decision.Reject("insufficient_stock", Shortage(sku, command.Location, available, command.Quantity), "quantity");
        var fromShare = (int)Math.Min(command.Quantity, after.ShareOf(command.Channel));
        var held = new StockHeld(
            sku, command.Location, command.HoldId, command.Quantity, command.ExpiresAt, command.At, fromShare == 0 ? null : command.Channel, fromShare);
        return Decision.Accept([.. expired, held]);
    }

    public static Decision Release(Stock state, string sku, ReleaseHold command) =>
        state.Holds.TryGetValue(command.HoldId, out var hold)
            ? Decision.Accept(Released(sku, command.Location, command.HoldId, hold, command.Reason.Trim()))
            : Decision.Accept();

    public static StockHoldReleased[] Expired(Stock state, string sku, string location, DateTimeOffset at)
    {
        if (state.NextExpiry is not { } next || next > at) return [];
        return
        [
            .. state.Holds.Where(hold => hold.Value.ExpiresAt <= at).OrderBy(hold => hold.Value.ExpiresAt)
                .Select(hold => Released(sku, location, hold.Key, hold.Value, RanOut)),
        ];
    }

    /// <summary>How a refusal says what is short.</summary>
    public static string Shortage(string sku, string location, long available, int asked) =>
        string.Create(CultureInfo.InvariantCulture, $"{available} of {sku} available at {location}; {asked} asked for.");

    private static Decision Again(StockHold there, string sku, HoldStock command)
    {
        if (there.Quantity != command.Quantity)
            return Decision.Reject(
                "hold_exists",
                string.Create(CultureInfo.InvariantCulture, $"Hold {command.HoldId} is there with {there.Quantity} units; {command.Quantity} asked for."),
                "holdId");
        return command.ExpiresAt > there.ExpiresAt
            ? Decision.Accept(new StockHoldExtended(sku, command.Location, command.HoldId, command.ExpiresAt))
            : Decision.Accept();
    }

    private static StockHoldReleased Released(string sku, string location, string holdId, StockHold hold, string reason) =>
        new(sku, location, holdId, hold.Quantity, reason, hold.Channel, hold.FromShare);
}
