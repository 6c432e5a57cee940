using System.Diagnostics;

namespace EcommerceAI.Api.Http;

/// <summary>What ties the reply, the log lines and the events of one request together.</summary>
public static class Correlation
{
    /// <summary>The trace id of the request (W3C Trace Context: the caller's, where it sent a <c>traceparent</c>).</summary>
    /// <param name="context">The request.</param>
    public static string IdOf(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
