using System.Globalization;
using EcommerceAI.Api.Security;

namespace EcommerceAI.Api.Tests.Model;

/// <summary>
/// A client who is a shopper with carts and orders of their own, and staff of the shop at times. Most of what it asks makes sense as far as
/// it knows; some does not.
/// </summary>
internal sealed class ShopClient(ShopRun run, int number, Random random)
{
    private static readonly string[] Tokens =
    [
        "tok_ok", "tok_ok", "tok_ok", "tok_ok", "tok_ok", "tok_ok", "tok_declined", "tok_declined", "tok_pending", "tok_timeout", "tok_lost", "tok_twice",
        "tok_unordered", "tok_capture_fails", "tok_refund_fails",
    ];

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"c{number}");
    private readonly ShopConnection _connection = new(run, string.Create(CultureInfo.InvariantCulture, $"c{number}"), random);
    private readonly ApiClient _staff = run.Api.As(Roles.Operator);

    // What it remembers of each: the SKUs that it put in.
    private readonly List<(string Id, List<string> Skus)> _carts = [];
    private readonly List<(string Id, List<string> Skus)> _orders = [];
    private readonly List<(string Cart, string Sku)> _saved = [];
    private readonly List<(string Sku, string Id)> _holds = [];
    private readonly List<(string Sku, string Id)> _promises = [];
    private ApiClient _shopper = null!;
    private int _ids;

    /// <summary>The customer that the shopper signs in as.</summary>
    public string Customer { get; private set; } = "";

    public async Task RegisterAsync()
    {
        Customer = (string)(await _staff.PostAsync("/v1/customers", new { country = "GB" })).ShouldBe(HttpStatusCode.Created).Json["customerId"]!;
        _shopper = run.Api.As(Roles.Shopper, Customer);
    }

    public async Task RunAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            if (random.Next(4) == 0) await _connection.SendAsync(_staff, Staffs());
            else if (_orders.Count > 0 && random.Next(2) == 0) await ChangeOrderAsync();
            else await ShopAsync();
        }
    }

    private async Task ShopAsync()
    {
        if (_carts.Count < 2 || random.Next(14) == 0)
        {
            var made = await _connection.SendAsync(_shopper, new NewCart(random.Next(2) == 0 ? Customer : null));
            _carts.Add((made.Shown("cartId")!, []));
        }
        else if (random.Next(10) == 0)
        {
            var goods = Goods(run.Skus);
            await OrderAsync(new PlaceOrder(goods), [.. goods.Select(line => line.Sku)]);
        }
        else if (AnyOf(_carts) is { Skus.Count: > 0 } filled && random.Next(3) == 0)
        {
            await CheckOutAsync(filled.Id, filled.Skus);
        }
        else
        {
            await FillAsync();
        }
    }

    private async Task CheckOutAsync(string cart, List<string> skus)
    {
        if (random.Next(12) > 0) await _connection.SendAsync(_shopper, new GiveAddress(cart));
        if (random.Next(12) > 0) await _connection.SendAsync(_shopper, new ChooseDelivery(cart));
        if (random.Next(12) > 0) await _connection.SendAsync(_shopper, new ChoosePayment(cart, random.Next(3) == 0 ? "wallet" : "card", Tokens[random.Next(Tokens.Length)]));
        var isPlaced = await OrderAsync(new OrderCart(cart, random.Next(12) == 0 ? random.Next(2_000) : null), skus);
        if (isPlaced && random.Next(4) > 0) _carts.RemoveAll(known => known.Id == cart);
    }

    private async Task<bool> OrderAsync(ShopCommand command, List<string> skus)
    {
        var placed = await _connection.SendAsync(_shopper, command);
        if (placed.IsAccepted) _orders.Add((placed.Shown("orderId")!, [.. skus]));
        return placed.IsAccepted;
    }

    private async Task FillAsync()
    {
        var (cart, skus) = AnyOf(_carts);
        var command = OnCart(cart, skus.Count > 0 && random.Next(8) > 0 ? skus[random.Next(skus.Count)] : Sku());
        var done = await _connection.SendAsync(_shopper, command);
        if (done.IsAccepted && command is AddLine added && !skus.Contains(added.Sku)) skus.Add(added.Sku);
        if (done.IsAccepted && command is SaveLine saved) _saved.Add((saved.Cart, saved.Sku));
        if (done.IsAccepted && command is Merge { From: var merged } && random.Next(4) > 0) _carts.RemoveAll(known => known.Id == merged);
    }

    private ShopCommand OnCart(string cart, string sku) => random.Next(20) switch
    {
        < 9 => new AddLine(cart, random.Next(25) == 0 ? "NO-SUCH" : Sku(), random.Next(1, 4)),
        9 or 10 => new ChangeLine(cart, sku, random.Next(4)),
        11 or 12 => new SaveLine(cart, sku),
        13 or 14 => _saved.Count == 0 ? new RestoreLine(cart, sku) : new RestoreLine(_saved[^1].Cart, _saved[^1].Sku),
        15 => new Merge(cart, AnyOf(_carts).Id),
        16 => new Claim(cart, Customer),
        _ => new Wish(Customer, Sku(), random.Next(3) > 0),
    };

    private async Task ChangeOrderAsync()
    {
        var (order, skus) = AnyOf(_orders);
        var goods = Goods(random.Next(10) > 0 ? [.. skus] : run.Skus);
        ShopCommand command = random.Next(20) switch
        {
            0 => new Cancel(order),
            < 9 => new Pack(order, random.Next(2) == 0 ? null : goods),
            < 13 => new ChangeOrder(order, goods),
            13 or 14 => new Refund(order, random.Next(1, 600)),
            _ => new TakeBack(order, goods, random.Next(3) == 0),
        };
        await _connection.SendAsync(command is Cancel ? _shopper : _staff, command);
    }

    private ShopCommand Staffs() => random.Next(20) switch
    {
        < 3 => new SetPrice(Sku(), random.Next(100, 1_000) / 100m),
        < 7 => new Receive(Sku(), random.Next(1, 8)),
        7 => new Adjust(Sku(), random.Next(2) == 0 ? random.Next(1, 4) : -random.Next(1, 4)),
        8 => new Count(Sku(), random.Next(20)),
        9 => random.Next(3) switch { 0 => new CreateProduct(Sku(), 1m), 1 => new Withdraw(Sku()), _ => new Publish(Sku()) },
        _ => Promises(),
    };

    /// <summary>Holds and promises of this client alone; each again at times, also after its end.</summary>
    private ShopCommand Promises()
    {
        if (_holds.Count == 0 || random.Next(5) == 0) _holds.Add((Sku(), Own("h")));
        if (_promises.Count == 0 || random.Next(4) == 0) _promises.Add((Sku(), Own("o")));
        var (held, promised) = (_holds[^(1 + random.Next(Math.Min(3, _holds.Count)))], _promises[^(1 + random.Next(Math.Min(3, _promises.Count)))]);
        return random.Next(12) switch
        {
            < 3 => new Hold(held.Sku, held.Id, random.Next(1, 4), Until),
            3 => new Release(held.Sku, held.Id),
            < 7 => new Allocate(promised.Sku, promised.Id, random.Next(1, 4), held.Sku == promised.Sku ? held.Id : null),
            7 => new Deallocate(promised.Sku, promised.Id),
            8 or 9 => new Pick(promised.Sku, promised.Id, random.Next(1, 3)),
            _ => new Ship(promised.Sku, promised.Id, random.Next(1, 3)),
        };
    }

    /// <summary>Far enough that no hold runs out during a run.</summary>
    private DateTimeOffset Until { get; } = DateTimeOffset.UtcNow.AddHours(1);

    private string Own(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{_name}-{++_ids}");

    private string Sku() => run.Skus[random.Next(run.Skus.Length)];

    private (string Sku, int Quantity)[] Goods(string[] of)
    {
        string[] skus = [.. of];
        random.Shuffle(skus);
        return [.. skus.Take(random.Next(1, 3)).Select(sku => (sku, random.Next(1, 3)))];
    }

    private (string Id, List<string> Skus) AnyOf(List<(string Id, List<string> Skus)> known) => known[^(1 + random.Next(Math.Min(4, known.Count)))];
}
