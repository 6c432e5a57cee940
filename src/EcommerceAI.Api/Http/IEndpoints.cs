namespace EcommerceAI.Api.Http;

/// <summary>
/// The endpoints of one context. Every class of this assembly that implements it and has a constructor without parameters is
/// found at start: a new context is a new folder, and no list names it.
/// </summary>
public interface IEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    /// <param name="api">The group of this version of the API, at <c>/v1</c>.</param>
    void Map(RouteGroupBuilder api);
}
