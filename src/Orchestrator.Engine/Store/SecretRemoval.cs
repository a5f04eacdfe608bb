using System.Collections.Immutable;

namespace Orchestrator.Engine.Store;

/// <summary>What became of the wish to forget a secret.</summary>
/// <param name="IsRemoved">It is gone now.</param>
/// <param name="NeededBy">Live jobs that name it, <c>lora#112</c>, oldest first; while there are any it stays.</param>
public sealed record SecretRemoval(bool IsRemoved, ImmutableArray<string> NeededBy);
