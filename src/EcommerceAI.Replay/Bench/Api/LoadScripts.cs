namespace EcommerceAI.Replay.Bench.Api;

/// <summary>The requests of each measurement, in the load generator's Lua.</summary>
internal static class LoadScripts
{
    /// <summary>The server's own empty reply: what nothing that it answers can be faster than.</summary>
    public const string Empty = """function request() return wrk.format("GET", "/health/live") end""";

    /// <summary>Product pages, drawn uniformly over the whole catalogue.</summary>
    public static string ProductPages(int products, int seed) =>
        $"""
         math.randomseed({seed})
         function request() return wrk.format("GET", "/v1/products/S-" .. math.random(0, {products - 1})) end
         """;

    /// <summary>Searches of three words; the second and third count through all pairs, so that none comes twice in any run.</summary>
    public static string Searches(IReadOnlyList<string> words, int first) =>
        $$"""
         local words = { {{string.Join(", ", words.Select(word => $"\"{word}\""))}} }
         local n = {{first}}
         function request()
           n = n + 1
           local a, b, c = words[n * 7 % #words + 1], words[n % #words + 1], words[math.floor(n / #words) % #words + 1]
           return wrk.format("GET", "/v1/search?q=" .. a .. "+" .. b .. "+" .. c)
         end
         """;

    /// <summary>A line more in one of many carts: any product in any of them.</summary>
    public static string CartLines(IReadOnlyList<string> carts, int products, int seed) =>
        $$"""
         math.randomseed({{seed}})
         local carts = { {{string.Join(", ", carts.Select(cart => $"\"{cart}\""))}} }
         function request()
           return wrk.format("POST", "/v1/carts/" .. carts[math.random(#carts)] .. "/lines", nil,
             '{"sku":"S-' .. math.random(0, {{products - 1}}) .. '","quantity":1}')
         end
         """;
}
