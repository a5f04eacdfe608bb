namespace Orchestrator.Engine.Telemetry;

/// <summary>Instances that should not be there.</summary>
/// <param name="Provider">Where.</param>
/// <param name="Unowned">With our label, and no attempt's, when the provider was last listed.</param>
/// <param name="Undestroyed">Of attempts, and long overdue to be gone.</param>
public sealed record ProviderLeaks(string Provider, long Unowned, long Undestroyed);
