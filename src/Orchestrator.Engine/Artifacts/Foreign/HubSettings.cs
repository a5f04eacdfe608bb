using Orchestrator.Engine.Security;

namespace Orchestrator.Engine.Artifacts.Foreign;

/// <summary>The Hugging Face Hub, or a mirror that speaks like it.</summary>
public sealed record HubSettings
{
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>Null = what everybody may read.</summary>
    public TokenSource? Token { get; init; }
}
