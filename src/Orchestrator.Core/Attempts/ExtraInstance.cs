namespace Orchestrator.Attempts;

/// <summary>An instance that carries our label but is not the one on the books; it is owed a destroy until it is gone.</summary>
/// <param name="InstanceId">The provider's id.</param>
/// <param name="FoundAt">When it was noticed: a listing asked before that proves nothing about it.</param>
public sealed record ExtraInstance(string InstanceId, DateTimeOffset FoundAt);
