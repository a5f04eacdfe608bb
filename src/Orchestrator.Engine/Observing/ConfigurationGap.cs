namespace Orchestrator.Engine.Observing;

/// <summary>Something that the configuration lacks, or names twice, and that somebody needs.</summary>
/// <param name="Job">Who needs it; null = nobody in particular.</param>
/// <param name="Subject">What and by whom, in a word or two.</param>
/// <param name="Text">For a person, with what mends it.</param>
public sealed record ConfigurationGap(long? Job, string Subject, string Text);
