namespace Orchestrator.Providers.Renting;

/// <summary>What a provider says an instance has cost over a time, for comparing with our own metering.</summary>
public sealed record InstanceCharge
{
    public required string InstanceId { get; init; }

    /// <summary>Null = not said.</summary>
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public Money Compute { get; init; }

    public Money Disk { get; init; }

    public Money Down { get; init; }

    public Money Up { get; init; }

    /// <summary>As the provider adds it up; the parts are rounded one by one.</summary>
    public required Money Total { get; init; }
}
