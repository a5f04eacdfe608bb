namespace Orchestrator.Engine.Store;

/// <summary>What a person is to be told as long as it holds.</summary>
/// <param name="Kind">Stable name; see <see cref="AlertKinds"/>.</param>
/// <param name="Subject">What it is about; one alert for each (kind, subject).</param>
/// <param name="Text">One line.</param>
public sealed record Concern(string Kind, string Subject, string Text);
