using System.Text.Json;
using EcommerceAI.Api.Http;
using EcommerceAI.Api.Orders;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Payments;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Api.Payments;

/// <summary>
/// Where a provider calls back. It proves itself by a signature and not by who is signed in, and it speaks the provider's language, so it is
/// no part of the described API.
/// </summary>
internal sealed class PaymentNoticeEndpoint : IEndpoints
{
    public const string Path = "/payments/notices";

    public void Map(RouteGroupBuilder api) => api.MapPost(Path, TakeAsync).Allow(Roles.Everybody).ExcludeFromDescription();

    /// <summary>204 once what it says is durable, again too; 401 without the right signature; 404 for what we never asked for.</summary>
    private static async Task<IResult> TakeAsync(HttpContext context, NoticeSignature signature, OrderPayments payments)
    {
        if (await RequestBody.ReadAsync(context.Request) is not { } body)
            return Problems.Result(StatusCodes.Status413PayloadTooLarge, "body_too_large", "The notice is too large.");
        if (!signature.Verify(context.Request.Headers[NoticeSignature.Header], body))
            return Problems.Result(StatusCodes.Status401Unauthorized, "invalid_signature", $"{NoticeSignature.Header} does not fit the body, or is too old.");
        if (Read(body) is not { } notice)
            return Problems.Result(StatusCodes.Status400BadRequest, "malformed_json", "The notice is not one that can be read.");
        var (_, rejections) = await payments.RecordAsync(
            new RecordAnswer(notice.PaymentId, notice.OperationId, notice.Succeeded, notice.Reference, notice.Reason), context.RequestAborted);
        return rejections is [var rejection, ..]
            ? Problems.Result(StatusCodes.Status404NotFound, rejection.Code, rejection.Message)
            : TypedResults.NoContent();
    }

    private static ProviderNotice? Read(byte[] body)
    {
        try
        {
            var notice = JsonSerializer.Deserialize<ProviderNotice>(body, EventSerializer.Options);
            var storable = notice is not null && IdFormat.IsWellFormed(notice.PaymentId) && !string.IsNullOrEmpty(notice.OperationId)
                && new[] { notice.OperationId, notice.Reference, notice.Reason }.All(text => text is null || (text.Length <= 200 && StorableText.IsStorable(text)));
            return storable ? notice : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
