namespace Orchestrator.Engine.Specs;

/// <summary>A mapping in the order written; keys are unique.</summary>
internal sealed record MapNode(IReadOnlyList<KeyValuePair<ScalarNode, SpecNode>> Entries, int Line, int Column) : SpecNode(Line, Column);
