namespace Orchestrator.Reconciling;

public sealed record InstanceSighting(string InstanceId, InstanceStatus Status, string Words);
