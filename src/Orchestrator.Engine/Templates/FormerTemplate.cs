namespace Orchestrator.Engine.Templates;

/// <summary>A template as it was when a job was submitted with it: a retry of that job is not about what it has become.</summary>
/// <param name="Name">What the spec names.</param>
/// <param name="Path">Where its file lay.</param>
/// <param name="Text">What that said.</param>
public sealed record FormerTemplate(string Name, string Path, string Text);
