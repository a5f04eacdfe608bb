namespace Orchestrator.Engine.Artifacts;

/// <summary>A store that refused or failed, with what a person can do about it in the message.</summary>
public sealed class StoreException(StoreErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public StoreErrorKind Kind { get; } = kind;
}
