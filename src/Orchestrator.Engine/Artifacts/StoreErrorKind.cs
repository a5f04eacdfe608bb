namespace Orchestrator.Engine.Artifacts;

public enum StoreErrorKind
{
    Unknown = 0,
    NotFound,
    Exists,
    Denied,
    Full,
    Invalid,
    Transient,
}
