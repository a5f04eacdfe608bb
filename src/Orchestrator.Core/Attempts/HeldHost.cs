namespace Orchestrator.Attempts;

/// <summary>An attempt's host was kept after the job had failed.</summary>
/// <param name="Since">From when on.</param>
/// <param name="Until">At most until then; sooner where its price rises, its rental ends or somebody is done with it.</param>
public sealed record HeldHost(DateTimeOffset Since, DateTimeOffset Until);
