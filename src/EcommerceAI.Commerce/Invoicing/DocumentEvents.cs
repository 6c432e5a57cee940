namespace EcommerceAI.Commerce.Invoicing;

/// <summary>What a numbered document is.</summary>
public enum DocumentKind
{
    /// <summary>What a parcel costs.</summary>
    Invoice,

    /// <summary>What is taken back of an invoice.</summary>
    CreditNote,
}

/// <summary>
/// A legal entity gave a document its number. Event <c>document_numbered</c>, stream <c>legalentity-{id}</c>: numbers of a kind count from
/// 1, and since every one is an event of this one stream, appended at the version it was decided on, none is left out or given twice.
/// </summary>
/// <param name="LegalEntity">Who gives it.</param>
/// <param name="Kind">What the document is.</param>
/// <param name="Number">1 for the entity's first of the kind.</param>
/// <param name="DocumentId">The document, <c>{entity}-{number}</c>.</param>
/// <param name="OrderId">The order it is for.</param>
public sealed record DocumentNumbered(string LegalEntity, DocumentKind Kind, long Number, string DocumentId, string OrderId) : DomainEvent;

/// <summary>A line of a document.</summary>
/// <param name="Sku">Stock keeping unit, or null for delivery and courtesies.</param>
/// <param name="Description">What it is, where it has no SKU; null otherwise.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Amount">Taxes included, in minor units.</param>
/// <param name="Tax">The tax in it, in minor units.</param>
/// <param name="TaxRate">The rate of that tax, as a fraction.</param>
public sealed record DocumentLine(string? Sku, string? Description, int Quantity, long Amount, long Tax, decimal TaxRate);

/// <summary>A numbered document went out. Name and address are sealed under the key that the law wants kept.</summary>
/// <param name="DocumentId">The document, <c>{entity}-{number}</c>.</param>
/// <param name="LegalEntity">Who issues it.</param>
/// <param name="Number">Its number.</param>
/// <param name="OrderId">The order it is for.</param>
/// <param name="Reference">The shipment, return or refund it is for.</param>
/// <param name="BuyerId">Whose personal data it holds.</param>
/// <param name="BuyerName">The buyer's name, or null where it is not known any more.</param>
/// <param name="BuyerAddress">The buyer's address, or null.</param>
/// <param name="Country">Where the goods go.</param>
/// <param name="Lines">Its lines; their amounts add up to the total.</param>
/// <param name="Total">What it comes to, positive; on a credit note what is given back.</param>
public abstract record DocumentIssued(
    string DocumentId, string LegalEntity, long Number, string OrderId, string Reference, string BuyerId, string? BuyerName, string? BuyerAddress,
    string Country, IReadOnlyList<DocumentLine> Lines, Money Total) : DomainEvent;

/// <summary>An invoice went out with a parcel. Event <c>invoice_issued</c>, stream <c>invoice-{id}</c>.</summary>
/// <inheritdoc cref="DocumentIssued"/>
public sealed record InvoiceIssued(
    string DocumentId, string LegalEntity, long Number, string OrderId, string Reference, string BuyerId, string? BuyerName, string? BuyerAddress,
    string Country, IReadOnlyList<DocumentLine> Lines, Money Total)
    : DocumentIssued(DocumentId, LegalEntity, Number, OrderId, Reference, BuyerId, BuyerName, BuyerAddress, Country, Lines, Total);

/// <summary>A credit note went out. Event <c>credit_note_issued</c>, stream <c>creditnote-{id}</c>.</summary>
/// <inheritdoc cref="DocumentIssued"/>
public sealed record CreditNoteIssued(
    string DocumentId, string LegalEntity, long Number, string OrderId, string Reference, string BuyerId, string? BuyerName, string? BuyerAddress,
    string Country, IReadOnlyList<DocumentLine> Lines, Money Total)
    : DocumentIssued(DocumentId, LegalEntity, Number, OrderId, Reference, BuyerId, BuyerName, BuyerAddress, Country, Lines, Total);
