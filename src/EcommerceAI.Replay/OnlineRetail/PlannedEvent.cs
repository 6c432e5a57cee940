using EcommerceAI.Commerce;

namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>An event that the import will append.</summary>
/// <param name="StreamId">Stream key, for example <c>stock-22423@warehouse</c>.</param>
/// <param name="Version">Version in the stream, from 1; the import writes every stream from its start.</param>
/// <param name="EventId">Follows from stream and version (<see cref="NameBasedId"/>).</param>
/// <param name="Data">The event.</param>
/// <param name="Timestamp">When it happened: the invoice's moment, as an instant with offset zero.</param>
public readonly record struct PlannedEvent(string StreamId, long Version, Guid EventId, DomainEvent Data, DateTimeOffset Timestamp);

/// <summary>Everything that one invoice makes happen, which is written whole or not at all.</summary>
/// <param name="Ordinal">Place of the invoice in the order of time, from 0 without gaps.</param>
/// <param name="InvoiceNo">The invoice's number.</param>
/// <param name="LineCount">How many lines of the file it stands for.</param>
/// <param name="Events">
/// The events in the order to append them: a customer's registration, products that appear with their opening counts, list prices,
/// the order, return or bookkeeping entry, then the stock.
/// </param>
public sealed record PlannedInvoice(int Ordinal, string InvoiceNo, int LineCount, IReadOnlyList<PlannedEvent> Events);
