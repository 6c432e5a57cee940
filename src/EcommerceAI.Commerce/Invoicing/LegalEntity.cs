using System.Globalization;

namespace EcommerceAI.Commerce.Invoicing;

/// <summary>A legal entity with the numbers it has given; stream <c>legalentity-{id}</c>.</summary>
/// <param name="Invoices">Number of the last invoice, 0 before the first.</param>
/// <param name="CreditNotes">Number of the last credit note, 0 before the first.</param>
public sealed record LegalEntity(long Invoices, long CreditNotes)
{
    /// <summary>The state before the first event.</summary>
    public static LegalEntity Initial { get; } = new(0, 0);

    /// <summary>The key of a legal entity's stream, <c>legalentity-{id}</c>.</summary>
    /// <param name="legalEntity">The entity's id.</param>
    /// <exception cref="ArgumentException"><paramref name="legalEntity"/> is no id.</exception>
    public static string StreamKey(string legalEntity) => IdFormat.StreamKey("legalentity", legalEntity);

    /// <summary>Folds one event into the state; takes any history.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static LegalEntity Evolve(LegalEntity state, DomainEvent @event) => @event switch
    {
        DocumentNumbered { Kind: DocumentKind.Invoice } numbered => state with { Invoices = numbered.Number },
        DocumentNumbered { Kind: DocumentKind.CreditNote } numbered => state with { CreditNotes = numbered.Number },
        _ => state,
    };

    /// <summary>Gives the next number of a kind.</summary>
    /// <param name="legalEntity">The entity's id.</param>
    /// <param name="kind">What the document is.</param>
    /// <param name="orderId">The order it is for.</param>
    public DocumentNumbered Number(string legalEntity, DocumentKind kind, string orderId)
    {
        var number = (kind == DocumentKind.Invoice ? Invoices : CreditNotes) + 1;
        return new DocumentNumbered(legalEntity, kind, number, string.Create(CultureInfo.InvariantCulture, $"{legalEntity}-{number}"), orderId);
    }
}

/// <summary>A document as its stream tells it; streams <c>invoice-{id}</c> and <c>creditnote-{id}</c>.</summary>
/// <param name="DocumentId">The document's id, or null before it is issued.</param>
/// <param name="Total">What it comes to, or null.</param>
public sealed record TaxDocument(string? DocumentId, Money? Total)
{
    /// <summary>The state before the first event.</summary>
    public static TaxDocument Initial { get; } = new(null, null);

    /// <summary>The key of a document's stream.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="documentId">The document's id.</param>
    /// <exception cref="ArgumentException"><paramref name="documentId"/> is no id.</exception>
    public static string StreamKey(DocumentKind kind, string documentId) =>
        IdFormat.StreamKey(kind == DocumentKind.Invoice ? "invoice" : "creditnote", documentId);

    /// <summary>Folds one event into the state; takes any history.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static TaxDocument Evolve(TaxDocument state, DomainEvent @event) =>
        @event is DocumentIssued issued ? new TaxDocument(issued.DocumentId, issued.Total) : state;
}
