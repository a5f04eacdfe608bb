namespace Orchestrator.Engine.Artifacts;

/// <summary>What a store was found to honour.</summary>
/// <param name="ConditionalPut">A PUT with <c>If-None-Match: *</c> on a taken key answers 412.</param>
/// <param name="ConditionalComplete">So does completing a multipart upload.</param>
public sealed record StoreTraits(bool ConditionalPut, bool ConditionalComplete);
