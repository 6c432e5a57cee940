using EcommerceAI.Commerce.Payments;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Payments;

public sealed class PaymentDeciderTests
{
    private static readonly Payment Requested = After(Payment.Initial, new RequestPayment("o1", "card", "tok_ok", new Money(1000, "GBP")));
    private static readonly Payment Authorised = After(Requested, new RecordAnswer("o1", Payment.Authorisation, true));

    private static Payment After(Payment payment, params PaymentCommand[] commands) => commands.Aggregate(payment, (state, command) =>
    {
        var decision = PaymentDecider.Decide(state, command);
        decision.Rejections.ShouldBeEmpty();
        return decision.Events.Aggregate(state, Payment.Evolve);
    });

    [Fact]
    public void The_first_answer_counts_however_often_and_however_it_comes_again()
    {
        PaymentDecider.Decide(Authorised, new RecordAnswer("o1", Payment.Authorisation, true)).Events.ShouldBeEmpty();
        PaymentDecider.Decide(Authorised, new RecordAnswer("o1", Payment.Authorisation, false, Reason: "late")).Events.ShouldBeEmpty();
        var declined = After(Requested, new RecordAnswer("o1", Payment.Authorisation, false, Reason: "declined"));
        PaymentDecider.Decide(declined, new RecordAnswer("o1", Payment.Authorisation, true)).Events.ShouldBeEmpty();
        (declined.IsDeclined, declined.IsAuthorised).ShouldBe((true, false));
    }

    [Fact]
    public void Captures_never_exceed_what_is_authorised_those_without_an_answer_included()
    {
        PaymentDecider.Decide(Requested, new RequestCapture("o1", "c1", 1)).ShouldRefuse("not_authorised");
        var capturing = After(Authorised, new RequestCapture("o1", "c1", 600));
        PaymentDecider.Decide(capturing, new RequestCapture("o1", "c2", 401)).ShouldRefuse("capture_exceeds_authorisation", "amount");
        PaymentDecider.Decide(capturing, new RequestCapture("o1", "c1", 600)).Events.ShouldBeEmpty();
        var failed = After(capturing, new RecordAnswer("o1", "c1", false));
        After(failed, new RequestCapture("o1", "c2", 1000)).Capturing.ShouldBe(1000);
    }

    [Fact]
    public void Refunds_never_exceed_what_is_captured_those_without_an_answer_included()
    {
        var captured = After(Authorised, new RequestCapture("o1", "c1", 600), new RecordAnswer("o1", "c1", true));
        var refunding = After(captured, new RequestRefund("o1", "r1", 400));
        PaymentDecider.Decide(refunding, new RequestRefund("o1", "r2", 201)).ShouldRefuse("refund_exceeds_capture", "amount");
        After(refunding, new RecordAnswer("o1", "r1", true), new RequestRefund("o1", "r2", 200)).Refunding.ShouldBe(200);
        After(refunding, new RecordAnswer("o1", "r1", false), new RequestRefund("o1", "r2", 600)).Refunded.ShouldBe(0);
    }

    [Fact]
    public void A_void_waits_for_captures_that_nobody_answered()
    {
        var capturing = After(Authorised, new RequestCapture("o1", "c1", 600));
        PaymentDecider.Decide(capturing, new RequestVoid("o1")).ShouldRefuse("capture_outstanding");
        var voided = After(capturing, new RecordAnswer("o1", "c1", true), new RequestVoid("o1"), new RecordAnswer("o1", Payment.Void, true));
        PaymentDecider.Decide(voided, new RequestCapture("o1", "c2", 1)).ShouldRefuse("payment_voided");
        voided.Captured.ShouldBe(600);
    }

    [Fact]
    public void An_authorisation_that_is_to_be_voided_is_not_asked_for_any_more_and_its_late_answer_changes_nothing()
    {
        var voiding = After(Requested, new RequestVoid("o1"));
        voiding.Outstanding.ShouldHaveSingleItem().OperationId.ShouldBe(Payment.Void);
        var voided = After(voiding, new RecordAnswer("o1", Payment.Void, true));
        PaymentDecider.Decide(voided, new RecordAnswer("o1", Payment.Authorisation, true)).Events.ShouldBeEmpty();
        voided.Outstanding.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_never_asked_for_cannot_be_answered()
    {
        PaymentDecider.Decide(Authorised, new RecordAnswer("o1", "capture-x", true)).ShouldRefuse("unknown_operation", kind: RejectionKind.NotFound);
        PaymentDecider.Decide(Payment.Initial, new RecordAnswer("o1", "capture-x", true)).ShouldRefuse("unknown_payment", kind: RejectionKind.NotFound);
    }
}
