using EcommerceAI.EventSourcing.Postgres;

namespace EcommerceAI.Api.Hosting;

/// <summary>Finds the database: the operator's, where one is named, else a private cluster of our own.</summary>
internal static class EventStoreLocation
{
    /// <summary>
    /// <c>ConnectionStrings__EventStore</c> names a server. Else the private cluster lies in <c>ECOMMERCEAI_DATA</c>, or in
    /// <c>.data</c> of the checkout (<c>ECOMMERCEAI_HOME</c>) or of the working directory.
    /// </summary>
    public static Task<EventStoreDatabase> OpenAsync(IConfiguration configuration, CancellationToken cancellation)
    {
        var data = configuration["ECOMMERCEAI_DATA"] is { Length: > 0 } named
            ? named
            : Path.Combine(configuration["ECOMMERCEAI_HOME"] is { Length: > 0 } home ? home : ".", ".data");
        return EventStoreDatabase.OpenAsync(configuration.GetConnectionString("EventStore"), data, cancellation);
    }
}
