using System.Collections.Concurrent;
using System.Diagnostics;
using EcommerceAI.Api.Http;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Projections.Storefront;
using EcommerceAI.Projections.Storefront.Products;
using EcommerceAI.Projections.Storefront.Stock;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EcommerceAI.Api.Catalog;

/// <summary>
/// Keeps product pages as they go out. A page is six statements to the database and some kilobytes of JSON, the same for everybody until
/// the product changes; kept, it is one look-up.
/// </summary>
/// <remarks>
/// The read models themselves say which pages changed with which event, written in the transaction that changed them, and this follows
/// them: a kept page is answered only while neither it nor a product that it shows has changed since it was read. So an answer is as
/// fresh as the last look at the changes, which follows each move of the log at once, and it speaks for that position. Whoever asks for a
/// later one, and everybody while the changes cannot be followed, gets the page from the database. What little a page depends on beyond
/// that (a product that came to be bought together with it because orders of its own were called off) is seen after a minute.
/// </remarks>
internal sealed class ProductPages(
    ProductQueries products, StockOnHandQueries stocks, LogWatch watch, IOptions<JsonOptions> json, ILogger<ProductPages> logger) : BackgroundService
{
    private const long MostBytes = 256L << 20;
    private static readonly TimeSpan LongestKept = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BehindProjection = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = MostBytes });
    private readonly ConcurrentDictionary<string, long> _changed = new(StringComparer.Ordinal);
    private long _pagesAt = -1;
    private long _stockAt = -1;
    private long _reached = -1;
    private long _lookedAt;
    private bool _isAtRest;

    /// <summary>The position up to which every change is known; -1 while they cannot be followed.</summary>
    public long Reached => Volatile.Read(ref _isAtRest) || Stopwatch.GetElapsedTime(Volatile.Read(ref _lookedAt)) < LongestLook
        ? Volatile.Read(ref _reached)
        : -1;

    /// <summary>The page of a product, with the position that it speaks for.</summary>
    /// <param name="sku">SKU, upper case.</param>
    /// <param name="after">The position that it must speak for at least.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The page, or null where the SKU is not in the catalogue.</returns>
    public async Task<ReadSnapshot<KeptPage?>> FindAsync(string sku, long after, CancellationToken cancellation)
    {
        // In this order: what is unchanged after this look is so at this position.
        var reached = Reached;
        if (reached >= after && _kept.TryGetValue(sku, out KeptPage? kept) && IsUnchanged(kept!))
            return new ReadSnapshot<KeptPage?>(kept, Math.Max(kept!.Position, reached));
        var reading = products.FindAsync(sku, cancellation: cancellation);
        var stock = await stocks.FindAsync(sku, cancellation);
        var read = (await reading).With(stock, (page, onHand) => page is null ? null : new ProductView(page, onHand?.OnHand ?? 0));
        if (read.Value is not { } view) return new ReadSnapshot<KeptPage?>(null, read.Position);
        var body = ResourceBody.Of(json.Value.SerializerOptions, view, view.Product.Version, showsMore: true);
        var fresh = new KeptPage(view, body, read.Position);
        if (reached >= 0) Keep(sku, fresh);
        return new ReadSnapshot<KeptPage?>(fresh, read.Position);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _kept.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is NpgsqlException or ProjectionMissingException)
            {
                Volatile.Write(ref _reached, -1);
                Volatile.Write(ref _isAtRest, false);
                // A fresh store has no tables yet, which is no fault.
                if (failure is NpgsqlException) logger.LogWarning(failure, "Changes of product pages cannot be followed; pages come from the database meanwhile.");
                await Task.Delay(failure is NpgsqlException ? Retry : BehindProjection, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var before = Volatile.Read(ref _reached);
            // What changed before the first look was read by nobody here.
            var pages = await products.ListChangedAsync(_pagesAt < 0 ? long.MaxValue : _pagesAt, cancellation);
            var stock = await stocks.ListChangedAsync(_stockAt < 0 ? long.MaxValue : _stockAt, cancellation);
            foreach (var change in pages.Value.Concat(stock.Value)) Note(change);
            (_pagesAt, _stockAt) = (pages.Position, stock.Position);
            var reached = Math.Min(_pagesAt, _stockAt);
            Volatile.Write(ref _lookedAt, Stopwatch.GetTimestamp());
            Volatile.Write(ref _reached, reached);
            var waiting = watch.WaitBeyondAsync(reached, cancellation);
            if (!waiting.IsCompleted)
            {
                Volatile.Write(ref _isAtRest, true);
                await waiting;
                Volatile.Write(ref _lookedAt, Stopwatch.GetTimestamp());
                Volatile.Write(ref _isAtRest, false);
            }

            // The log has moved, the read models may not have yet.
            if (reached == before) await Task.Delay(BehindProjection, cancellation);
        }
    }

    private void Note(ChangedSku change) =>
        _changed.AddOrUpdate(change.Sku, static (_, position) => position, static (_, known, position) => Math.Max(known, position), change.Position);

    private bool IsUnchanged(KeptPage page)
    {
        if (HasChanged(page.View.Product.Sku, page.Position)) return false;
        foreach (var shown in page.View.Product.BoughtTogether)
        {
            if (HasChanged(shown.Sku, page.Position)) return false;
        }

        return true;
    }

    private bool HasChanged(string sku, long since) => _changed.TryGetValue(sku, out var position) && position > since;

    private void Keep(string sku, KeptPage page)
    {
        // The view is about as large as what is written of it.
        using var entry = _kept.CreateEntry(sku);
        entry.Value = page;
        entry.Size = 2L * page.Body.Json.Length;
        entry.AbsoluteExpirationRelativeToNow = LongestKept;
    }
}

/// <summary>Brings them into the host.</summary>
internal static class ProductPagesServices
{
    public static void AddProductPages(this IServiceCollection services)
    {
        services.AddSingleton<ProductPages>();
        services.AddHostedService(provider => provider.GetRequiredService<ProductPages>());
    }
}
