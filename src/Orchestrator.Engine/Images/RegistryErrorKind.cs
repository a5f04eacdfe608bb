namespace Orchestrator.Engine.Images;

public enum RegistryErrorKind
{
    Unknown = 0,
    /// <summary>Positively no such repository, tag or digest.</summary>
    NotFound,
    /// <summary>No login was sent, or one that may not read this.</summary>
    Unauthorized,
    RateLimited,
    /// <summary>No answer, or none that a registry gives.</summary>
    Unreachable,
    /// <summary>There is an image, and no host of ours could run it.</summary>
    Unusable,
}
