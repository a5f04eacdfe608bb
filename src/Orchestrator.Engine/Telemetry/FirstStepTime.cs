namespace Orchestrator.Engine.Telemetry;

/// <summary>How long attempts of the last seven days took from the create call to their first step.</summary>
/// <param name="Provider">Where.</param>
/// <param name="Attempts">That came so far.</param>
/// <param name="Median">Half of them were faster.</param>
/// <param name="Slow">Nine of ten were faster.</param>
public sealed record FirstStepTime(string Provider, long Attempts, TimeSpan Median, TimeSpan Slow);
