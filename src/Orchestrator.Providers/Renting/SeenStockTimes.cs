namespace Orchestrator.Providers.Renting;

/// <summary>How long what was seen of a catalogue serves.</summary>
public sealed record SeenStockTimes
{
    /// <summary>It is read again after this; stock turns over within seconds, prices within days.</summary>
    public TimeSpan LookAge { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where the limit forbids another look, what was seen so long ago still serves.</summary>
    public TimeSpan OldestLook { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A place that refused for its stock is not offered for this long: the catalogue goes on naming it.</summary>
    public TimeSpan RefusedFor { get; init; } = TimeSpan.FromMinutes(3);
}
