using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Providers.Http;

/// <summary>
/// JSON of somebody else's, read tolerantly: what is missing, null or of another type than expected reads as null, what is
/// unknown is passed over. Who cannot do without a value says so by <see cref="Need{T}"/>.
/// </summary>
public readonly struct ApiFields(JsonElement element)
{
    /// <summary>Nothing: every field reads as null.</summary>
    public static readonly ApiFields None;

    /// <summary>Deeper nesting than any API sends is no answer of it.</summary>
    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = 32 };

    private JsonElement Element { get; } = element;

    public bool IsNone => Element.ValueKind == JsonValueKind.Undefined;

    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    public bool IsArray => Element.ValueKind == JsonValueKind.Array;

    public static ApiFields Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, _strict);
            return new(document.RootElement.Clone());
        }
        catch (JsonException)
        {
            // Not JSON is an answer too: of a gateway, or plain words.
            return None;
        }
    }

    public ApiFields this[string name] => IsObject && Tolerant(Element, whole => whole.TryGetProperty(name, out var value) ? value : default(JsonElement?)) is { } found ? new(found) : None;

    /// <summary>Of an array; anything else has none.</summary>
    public IEnumerable<ApiFields> Items => IsArray ? Element.EnumerateArray().Select(item => new ApiFields(item)) : [];

    /// <summary>Of an object; anything else has none.</summary>
    public IEnumerable<(string Name, ApiFields Value)> Members => IsObject ? Element.EnumerateObject().Select(member => (Tolerant(member, one => one.Name) ?? "", new ApiFields(member.Value))) : [];

    /// <summary>A text, or a number as it is written: ids come as either.</summary>
    public string? Text => Element.ValueKind switch
    {
        JsonValueKind.String => Written,
        JsonValueKind.Number => Element.GetRawText(),
        _ => null,
    };

    private string? Written => Tolerant(Element, text => text.GetString());

    /// <summary>Half a character (a text that was cut in the middle of one) is valid JSON, and no text.</summary>
    private static T? Tolerant<TFrom, T>(TFrom from, Func<TFrom, T?> read)
    {
        try
        {
            return read(from);
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }

    /// <summary>A finite number, or a text that is one.</summary>
    public double? Number => Element.ValueKind switch
    {
        JsonValueKind.Number when Element.TryGetDouble(out var number) && double.IsFinite(number) => number,
        JsonValueKind.String when double.TryParse(Written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => null,
    };

    /// <summary>A whole number; one with a fraction is none.</summary>
    public long? Whole => Number is { } number && Math.Abs(number) < 1e15 && Math.Floor(number) == number ? (long)number : null;

    public bool? Flag => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>Dollars that somebody can be charged: negative ones and those beyond a million are none.</summary>
    public Money? Dollars => Number is { } dollars and >= 0 and <= 1e6 ? Money.FromDollars((decimal)dollars) : null;

    /// <summary>An instant in RFC 3339, or seconds since 1970.</summary>
    public DateTimeOffset? Time => Element.ValueKind switch
    {
        JsonValueKind.String when DateTimeOffset.TryParse(Written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        JsonValueKind.Number when Number is { } seconds and > 0 and < 253402300799 => DateTimeOffset.UnixEpoch.AddSeconds(seconds),
        _ => null,
    };

    /// <summary>For a field without which the answer means nothing.</summary>
    /// <exception cref="ProviderException">Unknown: it is missing or of another type.</exception>
    public static T Need<T>(T? value, string name, ApiAnswer answer)
        where T : class => value ?? throw new ProviderException(ProviderErrorKind.Unknown, $"the answer has no {name}: {answer.Words}");
}
