using System.Globalization;
using System.Text;

namespace EcommerceAI.Api.Tests.Model;

/// <summary>Something that the log has at a position: a command that was carried out, or what the provider said.</summary>
internal sealed record LogEntry(long Position, ShopCall? Call, string? Told = null, string? Order = null, string? Operation = null);

/// <summary>
/// Follows the log with the model. A command that was carried out must be one that the model carries out at its place in the log, with the
/// same reply. A refusal, and an acceptance that changed nothing, leave no trace in the log: they must be what the model says at some
/// moment between the question and the reply, after all that had been answered before and before all that was asked for later.
/// </summary>
internal sealed class ShopHistory
{
    private const int Shown = 40;

    private readonly ModelShop _shop;
    private readonly List<LogEntry> _log;
    private readonly List<(ShopCall Call, int From, int To)> _traceless;

    public ShopHistory(ModelShop shop, IEnumerable<ShopCall> calls, IEnumerable<LogEntry> told)
    {
        _shop = shop;
        var all = calls.OrderBy(call => call.SentAt).ToList();
        _log = [.. all.Where(call => call.Position is not null).Select(call => new LogEntry(call.Position!.Value, call)).Concat(told).OrderBy(entry => entry.Position)];
        foreach (var call in all) call.SawAtLeast = 1 + _log.FindLastIndex(entry => entry.Call is { } before && before.AnsweredAt < call.SentAt);
        _traceless = [.. all.Where(call => call.Position is null).Select(call => (call, call.SawAtLeast, LatestOf(call)))];
    }

    /// <summary>Follows the log to its end.</summary>
    /// <returns>The first difference with the history that led to it, or null.</returns>
    public string? FindDifference()
    {
        for (var step = 0; ; step++)
        {
            for (var i = _traceless.Count - 1; i >= 0; i--)
            {
                var (call, from, to) = _traceless[i];
                if (step < from) continue;
                var answer = call.Command.Ask(_shop, call);
                if (DifferenceOf(call, answer, changes: false) is not { } difference) _traceless.RemoveAt(i);
                else if (step >= to) return Tell(call, difference, step);
            }

            if (step == _log.Count) return null;
            _shop.Step = step + 1;
            if (Follow(_log[step]) is { } different) return Tell(_log[step].Call!, different, step);
        }
    }

    /// <summary>The last of the log that had something to do with an id.</summary>
    public string Of(params IReadOnlyList<string> subjects) => Lines(subjects, _log.Count);

    private int LatestOf(ShopCall call)
    {
        var later = _log.FindIndex(entry => entry.Call is { } after && after.SentAt > call.AnsweredAt);
        return later < 0 ? _log.Count : later;
    }

    private string? Follow(LogEntry entry)
    {
        if (entry.Call is not { } call)
        {
            _shop.Told(entry.Told!, entry.Order!, entry.Operation);
            return null;
        }

        var answer = call.Command.Ask(_shop, call);
        answer.Effect?.Invoke();
        return DifferenceOf(call, answer, changes: true);
    }

    private static string? DifferenceOf(ShopCall call, Answer answer, bool changes)
    {
        if (answer.IsRefused)
            return !call.IsAccepted && answer.Refusals.Contains(call.Reply.Code!) ? null : $"the model refuses: {string.Join(" or ", answer.Refusals)}";
        if (!call.IsAccepted) return "the model accepts";
        if (answer.Effect is not null != changes) return changes ? "the model says that nothing changes" : "the model says that something changes";
        return answer.Says()
            .Where(say => call.Shown(say.Place) != Convert.ToString(say.Value, CultureInfo.InvariantCulture))
            .Select(say => string.Create(CultureInfo.InvariantCulture, $"{say.Place} is {call.Shown(say.Place)}, the model says {say.Value}"))
            .FirstOrDefault();
    }

    private string Tell(ShopCall call, string difference, int step)
    {
        HashSet<string> subjects = [.. call.Command.Subjects];
        // An order's stock is looked at together with the order.
        if (call.Command is OnOrder { Order: var order } && _shop.Orders.TryGetValue(order, out var found)) subjects.UnionWith(found.Lines.Select(line => line.Sku));
        if (call.Command is OrderCart { Cart: var id } && _shop.Carts.TryGetValue(id, out var cart)) subjects.UnionWith(cart.Lines.Select(line => line.Sku));
        return $"{difference}\n  {call}\nafter\n{Lines([.. subjects], step)}";
    }

    private string Lines(IReadOnlyList<string> subjects, int upTo)
    {
        var lines = _log.Take(upTo).Where(entry => Touches(entry, subjects)).TakeLast(Shown);
        var text = new StringBuilder();
        foreach (var entry in lines)
            text.AppendLine(entry.Call is { } call ? $"  {call}" : string.Create(CultureInfo.InvariantCulture, $"  @{entry.Position} {entry.Told} {entry.Order} {entry.Operation}"));
        return text.ToString();
    }

    private bool Touches(LogEntry entry, IReadOnlyList<string> subjects)
    {
        if (entry.Order is { } told) return subjects.Contains(told) || (_shop.Orders.TryGetValue(told, out var order) && order.Lines.Any(line => subjects.Contains(line.Sku)));
        return entry.Call!.Command.Subjects.Any(subjects.Contains)
            || (entry.Call.Shown("orderId") is { } id && (subjects.Contains(id) || (_shop.Orders.TryGetValue(id, out var placed) && placed.Lines.Any(line => subjects.Contains(line.Sku)))));
    }
}
