namespace EcommerceAI.Api.Http;

/// <summary>The headers of this API's own.</summary>
public static class Headers
{
    /// <summary>Request: the caller's name for one POST, so that it can be sent again without being carried out twice.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Reply: <c>true</c> where this is the answer that the key got before.</summary>
    public const string IdempotencyReplayed = "Idempotency-Replayed";

    /// <summary>Reply: the position in the log that the reply speaks for.</summary>
    public const string EventPosition = "Event-Position";

    /// <summary>Request: answer only from a read model that has reached this position.</summary>
    public const string ConsistentAfter = "Consistent-After";
}

/// <summary>A header that an endpoint reads; shown in the OpenAPI document.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pattern">A regular expression for its value.</param>
/// <param name="Description">What it does.</param>
internal sealed record RequestHeader(string Name, string Pattern, string Description)
{
    public static RequestHeader IdempotencyKey { get; } = new(
        Headers.IdempotencyKey, "^[\\x21-\\x7e]{1,255}$",
        "Names this request, 1 to 255 visible ASCII characters. Sent again with the same body, it gets the first answer again.");

    public static RequestHeader IfMatch { get; } = new(
        "If-Match", "^(\\*|(W/)?\"[^\"]*\"(\\s*,\\s*(W/)?\"[^\"]*\")*)$",
        "Carry the command out only if the resource is at this entity tag.");

    public static RequestHeader ConsistentAfter { get; } = new(
        Headers.ConsistentAfter, "^[0-9]{1,19}$",
        "Answer only once the read model has reached this position (the Event-Position of a command's reply); waits a bounded time.");

    public static RequestHeader IfNoneMatch { get; } = new(
        "If-None-Match", "^(\\*|(W/)?\"[^\"]*\"(\\s*,\\s*(W/)?\"[^\"]*\")*)$", "Answer 304 if the resource still has this entity tag.");
}

/// <summary>A header that an endpoint's replies of one status carry; shown in the OpenAPI document.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it says.</param>
internal sealed record ReplyHeader(int Status, string Name, string Description)
{
    public static ReplyHeader ETag(int status) => new(status, "ETag", "Version of the resource's stream, for If-Match.");

    public static ReplyHeader EventPosition(int status) => new(
        status, Headers.EventPosition, "Position in the log that this reply speaks for; absent where a command changed nothing.");

    public static ReplyHeader Location(int status) => new(status, "Location", "Where the new resource is.");

    public static ReplyHeader Replayed(int status) => new(
        status, Headers.IdempotencyReplayed, "true where the Idempotency-Key was used before and this is its first answer.");

    public static ReplyHeader RetryAfter(int status) => new(status, "Retry-After", "Seconds after which a try makes sense.");
}
