namespace Orchestrator.Engine.Specs;

/// <summary>A sequence.</summary>
internal sealed record ListNode(IReadOnlyList<SpecNode> Items, int Line, int Column) : SpecNode(Line, Column);
