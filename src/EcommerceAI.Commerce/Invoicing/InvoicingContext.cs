using EcommerceAI.Commerce.Customers;

namespace EcommerceAI.Commerce.Invoicing;

/// <summary>Invoices and credit notes, numbered without a gap by the legal entity that sells.</summary>
public static class InvoicingContext
{
    /// <summary>Books are kept for ten years after the year they are of: the longest that a market of ours asks for.</summary>
    private static readonly (string Purpose, int Years) Books = ("invoices", 10);

    /// <summary>The context's plain data.</summary>
    public static BoundedContext Context { get; } = new(
        "Invoicing",
        new Dictionary<string, Type>(StringComparer.Ordinal)
        {
            ["document_numbered"] = typeof(DocumentNumbered),
            ["invoice_issued"] = typeof(InvoiceIssued),
            ["credit_note_issued"] = typeof(CreditNoteIssued),
        },
        new Dictionary<string, StateFold>(StringComparer.Ordinal)
        {
            ["legalentity"] = StateFold.Of(LegalEntity.Initial, LegalEntity.Evolve),
            ["invoice"] = StateFold.Of(TaxDocument.Initial, TaxDocument.Evolve),
            ["creditnote"] = StateFold.Of(TaxDocument.Initial, TaxDocument.Evolve),
        })
    {
        PersonalFields =
        [
            ("invoice_issued", "buyerName", CustomersContext.Person, "buyerId", Books),
            ("invoice_issued", "buyerAddress", CustomersContext.Person, "buyerId", Books),
            ("credit_note_issued", "buyerName", CustomersContext.Person, "buyerId", Books),
            ("credit_note_issued", "buyerAddress", CustomersContext.Person, "buyerId", Books),
        ],
    };
}
