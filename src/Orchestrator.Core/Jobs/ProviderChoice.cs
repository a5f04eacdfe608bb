namespace Orchestrator.Jobs;

/// <summary>A provider, tier or machine to use or to leave out.</summary>
public sealed record ProviderChoice
{
    /// <summary>As in <c>vast</c>, <c>runpod/secure</c>, <c>ssh/lab-1</c>.</summary>
    public required string Name { get; init; }

    public bool Excluded { get; init; }
}
