namespace Orchestrator.Engine.Artifacts.Foreign;

/// <summary>What a URL leads to now.</summary>
/// <param name="At">Where its bytes are, after all redirects.</param>
/// <param name="Size">Bytes; null = its server does not tell.</param>
/// <param name="Version">Its ETag as it stands in the header, else when it was last changed; null = its server tells neither.</param>
/// <param name="IsTag">Whether <paramref name="Version"/> is an ETag that a condition can name.</param>
internal sealed record WebObject(Uri At, long? Size, string? Version, bool IsTag);
