using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EcommerceAI.Commerce.Payments;

namespace EcommerceAI.Api.Payments;

/// <summary>How the sandbox replies to one attempt.</summary>
internal enum SandboxReply
{
    /// <summary>At once.</summary>
    Answer,

    /// <summary>It does what is asked, and the reply is lost.</summary>
    LoseReply,

    /// <summary>The request is lost: nothing is done.</summary>
    LoseRequest,

    /// <summary>It takes the operation on and tells by notice.</summary>
    Later,
}

/// <summary>What the sandbox does with one attempt at an operation.</summary>
/// <param name="Reply">How it replies.</param>
/// <param name="Refusal">Why it refuses, or null where it does what is asked.</param>
/// <param name="Notices">How many notices it sends of it.</param>
/// <param name="NoticeAfter">How many later notices overtake this one: notices come out of order by it.</param>
internal sealed record SandboxStep(SandboxReply Reply, string? Refusal, int Notices, int NoticeAfter);

/// <summary>
/// What the sandbox does, told by the instrument's token, always the same for the same ids: <c>tok_ok</c> and every token that is not
/// one of these does what is asked; <c>tok_declined</c> declines; <c>tok_timeout</c> loses the first reply of every operation;
/// <c>tok_lost</c> the first request; <c>tok_pending</c> answers by notice; <c>tok_twice</c> answers and sends two notices;
/// <c>tok_unordered</c> answers all by notices that overtake each other; <c>tok_capture_fails</c> refuses captures;
/// <c>tok_refund_fails</c> refuses the first refund; <c>tok_seed-N</c> draws all of it by chance from N.
/// </summary>
internal static class SandboxScript
{
    private const string Seeded = "tok_seed-";

    /// <summary>The step for one attempt.</summary>
    /// <param name="request">The operation.</param>
    /// <param name="attempt">1 for the first time it is asked for.</param>
    public static SandboxStep Of(ProviderRequest request, int attempt) => request.Token switch
    {
        "tok_declined" => new SandboxStep(SandboxReply.Answer, request.Kind == PaymentOperationKind.Authorisation ? "declined" : null, 0, 0),
        "tok_timeout" => new SandboxStep(attempt == 1 ? SandboxReply.LoseReply : SandboxReply.Answer, null, 0, 0),
        "tok_lost" => new SandboxStep(attempt == 1 ? SandboxReply.LoseRequest : SandboxReply.Answer, null, 0, 0),
        "tok_pending" => new SandboxStep(SandboxReply.Later, null, 1, 0),
        "tok_twice" => new SandboxStep(SandboxReply.Answer, null, 2, 0),
        "tok_unordered" => new SandboxStep(SandboxReply.Later, null, 2, 3 - (attempt % 3)),
        "tok_capture_fails" => new SandboxStep(SandboxReply.Answer, request.Kind == PaymentOperationKind.Capture ? "expired" : null, 0, 0),
        "tok_refund_fails" => new SandboxStep(
            SandboxReply.Answer, request.Kind == PaymentOperationKind.Refund && !request.OperationId.EndsWith(".2", StringComparison.Ordinal) ? "try_later" : null, 0, 0),
        var token when token.StartsWith(Seeded, StringComparison.Ordinal) => Draw(request, attempt),
        _ => new SandboxStep(SandboxReply.Answer, null, 0, 0),
    };

    private static SandboxStep Draw(ProviderRequest request, int attempt)
    {
        var dice = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{request.Token} {request.PaymentId} {request.OperationId} {attempt}")));
        // Whether it refuses must not change from attempt to attempt: the operation is one.
        var fate = SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Token} {request.PaymentId} {request.OperationId}"))[0];
        var refusal = request.Kind switch
        {
            PaymentOperationKind.Authorisation when fate < 38 => "declined",
            PaymentOperationKind.Capture when fate < 25 => "expired",
            PaymentOperationKind.Refund when fate < 25 => "try_later",
            _ => null,
        };
        var reply = (BinaryPrimitives.ReadUInt16LittleEndian(dice) % 10) switch
        {
            < 5 => SandboxReply.Answer,
            5 or 6 => SandboxReply.LoseReply,
            7 => SandboxReply.LoseRequest,
            _ => SandboxReply.Later,
        };
        return new SandboxStep(reply, refusal, reply == SandboxReply.Later ? 1 + (dice[2] % 2) : dice[2] % 4 == 0 ? 2 : 0, dice[3] % 4);
    }
}
