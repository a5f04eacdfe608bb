namespace Orchestrator.Engine.Specs;

/// <summary>One value of the expanded spec.</summary>
/// <param name="Path">For example <c>checkpoints.keep</c>.</param>
/// <param name="Value">As a spec would spell it, or words such as "auto" where nothing is fixed.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Line">Line in the job's file, or null.</param>
public sealed record ExpandedValue(string Path, string Value, SpecOrigin Origin, int? Line);
