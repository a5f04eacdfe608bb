namespace Orchestrator.Agent.Outputs;

/// <param name="Stored">All that was due is in the store.</param>
/// <param name="Words">What a person should know.</param>
internal sealed record OutputResult(bool Stored, IReadOnlyList<string> Words);
