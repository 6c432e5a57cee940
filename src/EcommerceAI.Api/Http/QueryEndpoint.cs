using System.Globalization;
using EcommerceAI.EventSourcing.Projections;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace EcommerceAI.Api.Http;

/// <summary>How queries behave.</summary>
public sealed class QueryOptions
{
    /// <summary>The longest that a query waits for its read model to reach <c>Consistent-After</c>; 2 s by default.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(2);
}

/// <summary>Answers queries from read models, once they have come as far as the client asks.</summary>
public sealed class QueryEndpoint(ReadModels models, IOptions<QueryOptions> options)
{
    /// <summary>Answers with whatever is found.</summary>
    /// <typeparam name="T">The body.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="projection">The projection that is read.</param>
    /// <param name="read">Reads it.</param>
    public async Task<Results<QueryAnswer<T>, Refused>> AnswerAsync<T>(
        QueryRequest request, string projection, Func<CancellationToken, Task<ReadSnapshot<T>>> read)
    {
        if (await RefuseAsync(request, projection) is { } refused) return refused;
        var snapshot = await read(request.Aborted);
        return new QueryAnswer<T>(snapshot.Value, snapshot.Position);
    }

    /// <summary>Answers with one resource, or that it is not there.</summary>
    /// <typeparam name="T">The body.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="projection">The projection that is read.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="answer">Makes the answer of what was found.</param>
    /// <param name="missing">The problem where nothing was found.</param>
    public async Task<Results<ResourceAnswer<T>, Refused>> FindAsync<T>(
        QueryRequest request,
        string projection,
        Func<CancellationToken, Task<ReadSnapshot<T?>>> read,
        Func<T, long, ResourceAnswer<T>> answer,
        Func<ProblemHttpResult> missing)
        where T : class
    {
        if (await RefuseAsync(request, projection) is { } refused) return refused;
        var snapshot = await read(request.Aborted);
        return snapshot.Value is { } found ? answer(found, snapshot.Position) : new Refused(missing());
    }

    /// <summary>Waits for the read model, and says what keeps the query from being answered, or null.</summary>
    /// <param name="request">The request.</param>
    /// <param name="projection">The projection that is to be read.</param>
    public async Task<Refused?> RefuseAsync(QueryRequest request, string projection)
    {
        if (request.Refusal is { } unreadable) return new Refused(unreadable);
        if (request.ConsistentAfter == 0
            || await models.WaitForAsync(projection, request.ConsistentAfter, options.Value.Patience, request.Aborted))
            return null;
        return new Refused(
            Problems.Result(
                StatusCodes.Status503ServiceUnavailable, "projection_behind",
                string.Create(CultureInfo.InvariantCulture, $"The read model {projection} has not reached position {request.ConsistentAfter} yet.")),
            ("Retry-After", "1"));
    }
}
