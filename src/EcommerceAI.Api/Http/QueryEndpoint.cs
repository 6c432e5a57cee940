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
internal sealed class QueryEndpoint(ReadModels models, IOptions<QueryOptions> options)
{
    /// <summary>Answers with whatever is found.</summary>
    /// <typeparam name="T">The body.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="projections">The projections that are read.</param>
    /// <param name="read">Reads them.</param>
    public async Task<Results<QueryAnswer<T>, Refused>> AnswerAsync<T>(
        QueryRequest request, IReadOnlyList<string> projections, Func<CancellationToken, Task<ReadSnapshot<T>>> read)
    {
        if (await RefuseAsync(request, projections) is { } refused) return refused;
        var snapshot = await read(request.Aborted);
        return new QueryAnswer<T>(snapshot.Value, snapshot.Position);
    }

    /// <summary>Answers with one resource, or that it is not there.</summary>
    /// <typeparam name="TFound">What is read.</typeparam>
    /// <typeparam name="T">The body.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="projections">The projections that are read.</param>
    /// <param name="read">Reads them.</param>
    /// <param name="answer">Makes the answer of what was found.</param>
    /// <param name="missing">The problem where nothing was found.</param>
    /// <param name="reached">A position that they are known to have reached, so that nobody waits for it.</param>
    public async Task<Results<ResourceAnswer<T>, Refused>> FindAsync<TFound, T>(
        QueryRequest request,
        IReadOnlyList<string> projections,
        Func<CancellationToken, Task<ReadSnapshot<TFound?>>> read,
        Func<TFound, long, ResourceAnswer<T>> answer,
        Func<ProblemHttpResult> missing,
        long reached = -1)
        where TFound : class
    {
        if ((request.Refusal is not null || request.ConsistentAfter > reached) && await RefuseAsync(request, projections) is { } refused) return refused;
        var snapshot = await read(request.Aborted);
        return snapshot.Value is { } found ? answer(found, snapshot.Position) : new Refused(missing());
    }

    /// <summary>Waits for the read models, and says what keeps the query from being answered, or null.</summary>
    /// <param name="request">The request.</param>
    /// <param name="projections">The projections that are to be read.</param>
    public async Task<Refused?> RefuseAsync(QueryRequest request, IReadOnlyList<string> projections)
    {
        if (request.Refusal is { } unreadable) return new Refused(unreadable);
        if (request.ConsistentAfter == 0) return null;
        var reached = await Task.WhenAll(projections.Select(
            projection => models.WaitForAsync(projection, request.ConsistentAfter, options.Value.Patience, request.Aborted)));
        var behind = Array.IndexOf(reached, false);
        return behind < 0 ? null : Behind(projections[behind], request.ConsistentAfter);
    }

    /// <summary>The refusal where a read model has not come as far as the client asks.</summary>
    /// <param name="name">The read model.</param>
    /// <param name="position">The position that was asked for.</param>
    internal static Refused Behind(string name, long position) => new(
        Problems.Result(
            StatusCodes.Status503ServiceUnavailable, "projection_behind",
            string.Create(CultureInfo.InvariantCulture, $"The read model {name} has not reached position {position} yet.")),
        ("Retry-After", "1"));
}
