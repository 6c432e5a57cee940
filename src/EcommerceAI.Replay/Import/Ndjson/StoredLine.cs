using System.Text.Json;
using System.Text.Unicode;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.Export;

namespace EcommerceAI.Replay.Import.Ndjson;

/// <summary>
/// A line of an export, read strictly: a field that is missing, of another kind, unknown or there twice is told with the line's number,
/// and so is text that the database cannot hold to the letter.
/// </summary>
internal ref struct StoredLine
{
    private readonly ReadOnlySpan<byte> _line;
    private readonly long _number;
    private readonly HashSet<string> _seen = [];
    private Utf8JsonReader _reader;
    private string? _field;
    private string? _kind;
    private string? _stream;
    private long? _position;
    private long? _version;
    private Guid? _id;
    private string? _type;
    private DateTimeOffset? _timestamp;
    private DateTimeOffset? _created;
    private DateTimeOffset? _changed;
    private byte[]? _data;
    private byte[]? _headers;
    private string? _correlation;
    private string? _causation;
    private string? _clrType;
    private string? _streamType;
    private bool _archived;

    private StoredLine(ReadOnlySpan<byte> line, long number)
    {
        _line = line;
        _number = number;
        _reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 1000 });
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">UTF-8 JSON.</param>
    /// <param name="number">The line's number.</param>
    /// <param name="event">The event, where it is the line of one.</param>
    /// <returns>The stream, where it is the line of one.</returns>
    /// <exception cref="LogImportException">It is neither.</exception>
    public static StoredStream? Parse(ReadOnlySpan<byte> line, long number, out StoredEvent? @event)
    {
        if (!Utf8.IsValid(line)) throw new LogImportException(number, "it is not UTF-8");
        var parsed = new StoredLine(line, number);
        try
        {
            parsed.Read();
        }
        catch (JsonException broken)
        {
            throw new LogImportException(number, $"it is not JSON: {broken.Message.Split(" LineNumber", 2)[0].TrimEnd('.')}");
        }

        @event = parsed._kind is null ? parsed.Event() : null;
        return parsed._kind is null ? null : parsed.Stream();
    }

    private void Read()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject) throw new LogImportException(_number, "it is no JSON object");
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            _field = Text();
            if (!_seen.Add(_field)) throw Wrong("is there twice");
            _reader.Read();
            ReadField();
        }

        if (_reader.Read()) throw new LogImportException(_number, "something follows the object");
    }

    private void ReadField()
    {
        switch (_field)
        {
            case "kind": _kind = Text(); break;
            case "stream": _stream = Text(); break;
            case "position": _position = Number(); break;
            case "version": _version = Number(); break;
            case "id": _id = _reader.TokenType == JsonTokenType.String && _reader.TryGetGuid(out var id) ? id : throw Wrong("is no UUID"); break;
            case "type": _type = Text(); break;
            case "timestamp": _timestamp = Moment(); break;
            case "created": _created = Moment(); break;
            case "changed": _changed = Moment(); break;
            case "data": _data = Json(); break;
            case "headers": _headers = Json(); break;
            case "correlationId": _correlation = Text(); break;
            case "causationId": _causation = Text(); break;
            case "dotnetType": _clrType = Text(); break;
            case "streamType": _streamType = Text(); break;
            case "archived": _archived = _reader.TokenType is JsonTokenType.True or JsonTokenType.False ? _reader.GetBoolean() : throw Wrong("is neither true nor false"); break;
            default: throw Wrong("is unknown");
        }
    }

    private readonly StoredEvent Event()
    {
        if (_created is not null || _changed is not null || _streamType is not null)
            throw new LogImportException(_number, "an event has no 'created', 'changed' or 'streamType'; the line of a stream has \"kind\":\"stream\"");
        var type = Required(_type, "type");
        if (type.Length is 0 or > 500) throw new LogImportException(_number, "'type' has 1 to 500 characters");
        if (_position is <= 0) throw new LogImportException(_number, "'position' is 1 or more");
        return new StoredEvent(
            _position ?? 0, Required(_id, "id"), Key(), Required(_version, "version"), type, Required(_timestamp, "timestamp"), Required(_data, "data"),
            _correlation, _causation, _headers, _clrType, _archived);
    }

    private readonly StoredStream Stream()
    {
        if (_kind != EventLines.StreamKind) throw new LogImportException(_number, $"'kind' is '{_kind}'; only '{EventLines.StreamKind}' is known");
        if (_id is not null || _type is not null || _data is not null || _timestamp is not null || _position is not null
            || _headers is not null || _correlation is not null || _causation is not null || _clrType is not null)
            throw new LogImportException(_number, "the line of a stream has no fields of an event");
        return new StoredStream(Key(), _streamType, Required(_version, "version"), Required(_created, "created"), Required(_changed, "changed"), _archived);
    }

    private readonly string Key() =>
        Required(_stream, "stream") is { Length: > 0 } key ? key : throw new LogImportException(_number, "'stream' is empty");

    private readonly T Required<T>(T? value, string field)
        where T : class => value ?? throw new LogImportException(_number, $"'{field}' is missing");

    private readonly T Required<T>(T? value, string field)
        where T : struct => value ?? throw new LogImportException(_number, $"'{field}' is missing");

    private readonly long Number() =>
        _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var number) ? number : throw Wrong("is no whole number");

    private readonly DateTimeOffset Moment() =>
        _reader.TokenType == JsonTokenType.String && _reader.TryGetDateTimeOffset(out var moment) && HasOffset()
            ? moment
            : throw Wrong("is no moment with its offset");

    /// <summary>A moment without an offset would be read as one of this machine's.</summary>
    private readonly bool HasOffset()
    {
        var text = _reader.ValueSpan;
        var time = text.IndexOf((byte)'T');
        return time > 0 && (text.EndsWith("Z"u8) || text[time..].IndexOfAny((byte)'+', (byte)'-') > 0);
    }

    private readonly string Text()
    {
        if (_reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)) throw Wrong("is no text");
        try
        {
            var text = _reader.GetString()!;
            return text.Contains('\0', StringComparison.Ordinal) ? throw Wrong("holds U+0000") : text;
        }
        catch (InvalidOperationException)
        {
            throw Wrong("holds half a surrogate pair");
        }
    }

    /// <summary>The value as it stands in the line; every text in it is looked at.</summary>
    private byte[] Json()
    {
        var start = (int)_reader.TokenStartIndex;
        var depth = _reader.CurrentDepth;
        do
        {
            if (_reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && _reader.ValueIsEscaped) Text();
        }
        while ((_reader.CurrentDepth > depth || _reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && _reader.Read());
        return _line[start..(int)_reader.BytesConsumed].ToArray();
    }

    private readonly LogImportException Wrong(string what) => new(_number, $"'{_field}' {what}");
}
