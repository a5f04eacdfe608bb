namespace Orchestrator.Engine.Store;

/// <summary>An instance of which the provider may publish more.</summary>
/// <param name="InstanceId">At its provider.</param>
/// <param name="CreatedAt">Charges before that are not its own.</param>
public sealed record AwaitedCharge(string InstanceId, DateTimeOffset CreatedAt);
