using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Orchestrator.Providers.Http;

/// <summary>One request to a rental API.</summary>
/// <param name="Method">As HTTP names it.</param>
/// <param name="Path">Relative to the base address, with its query. No secret may be in it: it is named in messages.</param>
public sealed record ApiCall(HttpMethod Method, string Path)
{
    public JsonNode? Body { get; init; }

    /// <summary>The limits it counts for.</summary>
    public ImmutableArray<PaceLane> Lanes { get; init; } = [];

    /// <summary>It rents or ends something: where the answer is lost, nobody knows whether it took effect.</summary>
    public bool Changes { get; init; }

    /// <summary>Its answer does not end by itself (a stream of events): only its beginning is read. Null = all of it.</summary>
    public Excerpt? Excerpt { get; init; }

    /// <summary>How long it waits for its turn; null = as long as the API's options say.</summary>
    public TimeSpan? Patience { get; init; }

    public override string ToString() => $"{Method} {Path.Split('?')[0]}";
}
