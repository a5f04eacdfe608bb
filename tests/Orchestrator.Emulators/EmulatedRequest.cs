using System.Text;
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

    /// <summary>Of HTTP's Basic scheme, with an empty password; null = it was not used so.</summary>
    public string? BasicUser { get; init; }

    /// <summary>Out of the header of that name.</summary>
    public static string? BasicUserOf(string? authorization)
    {
        var content = new byte[authorization?.Length ?? 0];
        return authorization is { Length: > 6 } header && header.StartsWith("Basic ", StringComparison.Ordinal) && Convert.TryFromBase64String(header[6..], content, out var length)
            && Encoding.UTF8.GetString(content, 0, length) is [.. var user, ':'] ? user : null;
    }

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
