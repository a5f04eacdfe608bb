using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators;

/// <param name="Status">Of HTTP; 0 = the connection is cut without an answer.</param>
/// <param name="Body">As it is sent.</param>
/// <param name="ContentType">Of the body.</param>
public sealed record EmulatedAnswer(int Status, string Body, string ContentType = "application/json")
{
    public static readonly EmulatedAnswer Lost = new(0, "");

    /// <summary>It is on its way for so long.</summary>
    public TimeSpan After { get; init; }

    /// <summary>The answer stays open: what is added to it since it was last asked, null once it ends. Null = it is whole.</summary>
    public Func<string?>? Later { get; init; }

    /// <summary>Beside those that every answer has.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The same with a time to wait, in whole seconds; null = none.</summary>
    public EmulatedAnswer AskedToWait(TimeSpan? wait) =>
        wait is { } time ? this with { Headers = Headers.SetItem("Retry-After", Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture)) } : this;

    public static EmulatedAnswer Json(JsonNode? body, int status = 200) => new(status, body?.ToJsonString() ?? "null");

    public static EmulatedAnswer Text(int status, string words) => new(status, words, "text/plain");

    public static EmulatedAnswer Page(int status, string title) =>
        new(status, $"<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n<center><h1>{status} {title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n", "text/html");
}
