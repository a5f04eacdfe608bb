namespace Orchestrator.Reconciling;

/// <summary>How fast one provider is; see <see cref="Policies"/> for each field.</summary>
public sealed record ProviderTimings
{
    public required TimeSpan CreateTimeout { get; init; }

    public required TimeSpan Settling { get; init; }

    public required TimeSpan Boot { get; init; }

    public required TimeSpan Connect { get; init; }
}
