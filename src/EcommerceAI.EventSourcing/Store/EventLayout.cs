namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Which of the layout's optional columns <c>mt_events</c> has in this database, read once when the store is opened, and the pieces of
/// SQL that follow from it. What a database has no column for is read as null and is not kept.
/// </summary>
/// <param name="HasClrType"><c>mt_dotnet_type</c>.</param>
/// <param name="HasCorrelation"><c>correlation_id</c>.</param>
/// <param name="HasCausation"><c>causation_id</c>.</param>
/// <param name="HasHeaders"><c>headers</c>.</param>
/// <param name="HasStreamType"><c>type</c> of <c>mt_streams</c>.</param>
internal sealed record EventLayout(bool HasClrType, bool HasCorrelation, bool HasCausation, bool HasHeaders, bool HasStreamType)
{
    public const string ClrType = "mt_dotnet_type";

    public const string Correlation = "correlation_id";

    public const string Causation = "causation_id";

    public const string Headers = "headers";

    /// <summary>The layout as this store makes it.</summary>
    public static EventLayout Full { get; } = new(true, true, true, true, true);

    /// <summary>The same for events that carry no metadata.</summary>
    public EventLayout WithoutMetadata => this with { HasCorrelation = false, HasCausation = false, HasHeaders = false };

    /// <summary>
    /// What a reader selects, in the order that it reads by: seq_id, id, stream_id, version, type, timestamp, data, correlation,
    /// causation, headers.
    /// </summary>
    public string ReadColumns =>
        $"seq_id, id, stream_id, version, type, timestamp, data, {(HasCorrelation ? Correlation : $"null::varchar as {Correlation}")}, "
        + $"{(HasCausation ? Causation : $"null::varchar as {Causation}")}, {(HasHeaders ? Headers : $"null::jsonb as {Headers}")}";

    /// <summary>The columns of a stream: id, type, version, created, timestamp, whether it is archived.</summary>
    public string StreamColumns => StreamColumnsAt("version");

    /// <summary>The same with something else in the place of the version.</summary>
    public string StreamColumnsAt(string version) =>
        $"id, {(HasStreamType ? "type" : "null::varchar as type")}, {version}, created, timestamp, is_archived is true as is_archived";

    /// <summary>As <see cref="ReadColumns"/>, followed by the CLR type and whether the event is archived.</summary>
    public string AllColumns => $"{ReadColumns}, {(HasClrType ? ClrType : $"null::varchar as {ClrType}")}, is_archived is true as is_archived";

    /// <summary>
    /// The optional columns that are there, each followed by a comma, to stand in the column list of an INSERT or COPY; and with the same
    /// condition and order the values for them: <c>layout.Optional("clr", "correlation", "causation", "headers")</c>.
    /// </summary>
    /// <param name="clrType">What stands for <c>mt_dotnet_type</c>.</param>
    /// <param name="correlation">What stands for <c>correlation_id</c>.</param>
    /// <param name="causation">What stands for <c>causation_id</c>.</param>
    /// <param name="headers">What stands for <c>headers</c>.</param>
    public string Optional(
        string clrType = ClrType, string correlation = Correlation, string causation = Causation, string headers = Headers) =>
        (HasClrType ? clrType + ", " : "") + (HasCorrelation ? correlation + ", " : "") + (HasCausation ? causation + ", " : "")
        + (HasHeaders ? headers + ", " : "");
}
