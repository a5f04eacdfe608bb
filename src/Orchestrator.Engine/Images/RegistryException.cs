namespace Orchestrator.Engine.Images;

/// <summary>A registry that refused or failed.</summary>
public sealed class RegistryException(RegistryErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public RegistryErrorKind Kind { get; } = kind;
}
