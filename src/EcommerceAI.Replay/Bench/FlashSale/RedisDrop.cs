using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.FlashSale;

/// <summary>
/// The peer: the same question put to Redis (was it reserved before, has the customer the most already, are units left; then take them),
/// as a script that it runs in one go. A connection and a thread a client, the script by its hash.
/// </summary>
internal static class RedisDrop
{
    private const string Script =
        """
        if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 2 end
        local has = tonumber(redis.call('HGET', KEYS[3], ARGV[2]) or '0')
        if has + tonumber(ARGV[3]) > tonumber(ARGV[4]) then return -1 end
        if tonumber(redis.call('GET', KEYS[1])) < tonumber(ARGV[3]) then return -2 end
        redis.call('DECRBY', KEYS[1], ARGV[3])
        redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
        redis.call('HINCRBY', KEYS[3], ARGV[2], ARGV[3])
        return 1
        """;

    /// <summary>Reservations accepted per second, and proof that each counted.</summary>
    /// <exception cref="ReplayException">A reservation was refused, or the units do not add up.</exception>
    public static async Task<double> MeasureAsync(RedisServer server, string dropId, int clients, double seconds, CancellationToken cancellation)
    {
        const int Quantity = 1_000_000;
        var connections = Enumerable.Range(0, clients).Select(_ => new RedisConnection(server.EndPoint)).ToArray();
        try
        {
            var hash = connections[0].AskText("SCRIPT", "LOAD", Script);
            connections[0].AskText("SET", $"{dropId}:left", $"{Quantity}");
            var (left, reservations, customers, limit) = ($"{dropId}:left", $"{dropId}:reservations", $"{dropId}:customers", $"{DropClients.LimitPerCustomer}");
            var accepted = 0L;
            var rate = await Clients.RunOnThreadsAsync(
                clients, seconds,
                (client, number) =>
                {
                    var answer = connections[client].AskNumber(
                        "EVALSHA", hash, "3", left, reservations, customers,
                        DropClients.ReservationOf(client, number), DropClients.CustomerOf(client, number), "1", limit);
                    if (answer != 1) throw new ReplayException($"Redis refused a reservation: {answer}.");
                    Interlocked.Increment(ref accepted);
                },
                cancellation);
            var remaining = long.Parse(connections[0].AskText("GET", left), System.Globalization.CultureInfo.InvariantCulture);
            return Quantity - remaining == accepted ? rate : throw new ReplayException($"Redis accepted {accepted} reservations and took {Quantity - remaining} units.");
        }
        finally
        {
            foreach (var connection in connections) connection.Dispose();
        }
    }
}
