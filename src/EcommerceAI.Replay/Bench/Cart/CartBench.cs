using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Carts;
using EcommerceAI.EventSourcing.Commands;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;
using CommerceCart = EcommerceAI.Commerce.Carts.Cart;

namespace EcommerceAI.Replay.Bench.Cart;

/// <summary>
/// <c>bench cart</c>: what it takes to add a line to a cart of 200 lines against one of 2, through the command path with its append, in
/// turns, so that both see the same machine; the medians count.
/// </summary>
internal sealed class CartBench : IBench
{
    private const int Small = 2;
    private const int Large = 200;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly CommandContext Context = new("bench", null, []);

    /// <inheritdoc/>
    public Command Create()
    {
        var turns = new Option<int>("--turns") { Description = "Lines added to each cart, 10 or more.", DefaultValueFactory = _ => 500 };
        turns.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 10) result.AddError("--turns must be 10 or more.");
        });
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        var command = new VerbCommand(
            "cart",
            """
            Microseconds until a line that is added to a cart of 200 lines is durable, against a cart of 2: load, decide, append. Each line is taken
            out again, unmeasured, so that the carts keep their size. Beside it the same on a node that has not seen the cart before and folds it from
            the log, and what deciding and folding take without the database.
            """,
            new Example("bench cart --json", "One JSON object.")) { turns, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            await using var scratch = await ScratchDatabase.CreateAsync(open.ConnectionString, $"bench_cart_{Environment.ProcessId}", cancellation);
            var figures = await MeasureAsync(scratch.Open.Store, parsed.GetValue(turns), cancellation);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, Json) : Describe(figures));
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static async Task<CartFigures> MeasureAsync(EventStore store, int turns, CancellationToken cancellation)
    {
        using var handler = new CommandHandler(store, new Receipts(store.Source));
        foreach (var size in (int[])[Small, Large]) await FillAsync(handler, size, cancellation);
        await TakeTurnsAsync(() => handler, turns / 10, cancellation);
        var warm = await TakeTurnsAsync(() => handler, turns, cancellation);
        var cold = await TakeTurnsAsync(() => new CommandHandler(store, new Receipts(store.Source)), turns / 5, cancellation);
        var pure = (Small: Decide(Small, turns), Large: Decide(Large, turns));
        return new CartFigures(
            turns, Math.Round(warm.Small), Math.Round(warm.Large), Math.Round(cold.Small), Math.Round(cold.Large), Math.Round(pure.Small, 2), Math.Round(pure.Large, 2),
            new CartRatios(Math.Round(warm.Large / warm.Small, 3), Math.Round(cold.Large / cold.Small, 3), Math.Round(pure.Large / pure.Small, 3)));
    }

    private static async Task FillAsync(CommandHandler handler, int size, CancellationToken cancellation)
    {
        var id = IdOf(size);
        await SendAsync(handler, new CreateCart(id, "GBP", "web"), cancellation);
        for (var line = 0; line < size; line++) await SendAsync(handler, new AddCartLine(id, string.Create(CultureInfo.InvariantCulture, $"S-{line}"), 2, 2.55m), cancellation);
    }

    /// <summary>Microseconds at the median, small and large in turns.</summary>
    private static async Task<(double Small, double Large)> TakeTurnsAsync(Func<CommandHandler> handlerOf, int turns, CancellationToken cancellation)
    {
        var taken = new Dictionary<int, List<double>> { [Small] = [], [Large] = [] };
        for (var turn = 0; turn < turns * 2; turn++)
        {
            var size = turn % 2 == 0 ? Small : Large;
            var handler = handlerOf();
            var started = Stopwatch.GetTimestamp();
            await SendAsync(handler, new AddCartLine(IdOf(size), "ONE-MORE", 1, 1.335m), cancellation);
            taken[size].Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            await SendAsync(handler, new ChangeCartLine(IdOf(size), "ONE-MORE", 0), cancellation);
        }

        return (Percentiles.Median(taken[Small]), Percentiles.Median(taken[Large]));
    }

    private static async Task SendAsync(CommandHandler handler, CartCommand command, CancellationToken cancellation)
    {
        var key = CommerceCart.StreamKey(command.CartId);
        var outcome = await handler.HandleAsync(
            Context,
            async session =>
            {
                var cart = await session.LoadAsync(
                    key, CommerceCart.Initial, (state, data) => data is DomainEvent @event ? CommerceCart.Evolve(state, @event) : state);
                var decision = CartDecider.Decide(cart, command);
                session.Append(key, decision.Events);
                return CommandDecision.Accept();
            },
            cancellation);
        if (outcome is not CommandOutcome.Accepted) throw new ReplayException($"A cart was answered {outcome.GetType().Name}.");
    }

    /// <summary>Microseconds of deciding and folding alone, at the median.</summary>
    private static double Decide(int size, int turns)
    {
        var cart = Enumerable.Range(0, size).Aggregate(
            Evolve(CommerceCart.Initial, new CreateCart("c", "GBP", "web")),
            (state, line) => Evolve(state, new AddCartLine("c", string.Create(CultureInfo.InvariantCulture, $"S-{line}"), 2, 2.55m)));
        var add = new AddCartLine("c", "ONE-MORE", 1, 1.335m);
        var taken = new List<double>();
        for (var turn = 0; turn < turns; turn++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < 100; i++) Evolve(cart, add);
            taken.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds / 100);
        }

        return Percentiles.Median(taken);

        static CommerceCart Evolve(CommerceCart state, CartCommand command) =>
            CartDecider.Decide(state, command).Events.Aggregate(state, CommerceCart.Evolve);
    }

    private static string IdOf(int size) => string.Create(CultureInfo.InvariantCulture, $"lines-{size}");

    private static string Describe(CartFigures figures) =>
        $"""
         a line more, until it is durable, at the median of {figures.Turns}
         known cart       {figures.Line2Microseconds,8:N0} µs with {Small} lines, {figures.Line200Microseconds,8:N0} µs with {Large}: ratio {figures.Ratios.Line200VsLine2}
         from the log     {figures.ColdLine2Microseconds,8:N0} µs with {Small} lines, {figures.ColdLine200Microseconds,8:N0} µs with {Large}: ratio {figures.Ratios.ColdLine200VsLine2}
         deciding alone   {figures.DecideLine2Microseconds,8:N2} µs with {Small} lines, {figures.DecideLine200Microseconds,8:N2} µs with {Large}: ratio {figures.Ratios.DecideLine200VsLine2}
         """;

    private sealed record CartFigures(
        int Turns, double Line2Microseconds, double Line200Microseconds, double ColdLine2Microseconds, double ColdLine200Microseconds,
        double DecideLine2Microseconds, double DecideLine200Microseconds, CartRatios Ratios);

    private sealed record CartRatios(
        [property: JsonPropertyName("line200_vs_line2")] double Line200VsLine2,
        [property: JsonPropertyName("cold_line200_vs_line2")] double ColdLine200VsLine2,
        [property: JsonPropertyName("decide_line200_vs_line2")] double DecideLine200VsLine2);
}
