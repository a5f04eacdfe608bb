using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators;

/// <summary>A request as an emulated API sees it.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">Without the leading slash.</param>
/// <param name="Query">Decoded.</param>
/// <param name="Key">Of the bearer token, or the parameter that some APIs take; null = none.</param>
/// <param name="Text">The body.</param>
public sealed record EmulatedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Query, string? Key, string Text)
{
    /// <summary>How the client names itself; empty = not at all.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>Null = no JSON object.</summary>
    public JsonObject? Body
    {
        get
        {
            try
            {
                return JsonNode.Parse(Text) as JsonObject;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}
