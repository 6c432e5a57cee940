namespace EcommerceAI.Replay.OnlineRetail.Generation;

/// <summary>A product that never was.</summary>
/// <param name="Code">Stock code: five digits, and a letter where it is one of several colours.</param>
/// <param name="Title">Title in capitals.</param>
/// <param name="OpeningPrice">Pence.</param>
/// <param name="NewPrice">Pence from <paramref name="NewPriceFrom"/> on; the opening price where it never changes.</param>
/// <param name="NewPriceFrom">Day of the year's count, from 0, on which the price changes.</param>
/// <param name="IsSeasonal">Whether it is sold for Christmas.</param>
internal sealed record InventedProduct(string Code, string Title, int OpeningPrice, int NewPrice, int NewPriceFrom, bool IsSeasonal)
{
    /// <summary>List price in pence on a day.</summary>
    public int PriceOn(int day) => day < NewPriceFrom ? OpeningPrice : NewPrice;
}
