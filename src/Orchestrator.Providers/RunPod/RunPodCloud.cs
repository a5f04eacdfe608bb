namespace Orchestrator.Providers.RunPod;

/// <summary>Whose machines: one of the two in each request.</summary>
internal enum RunPodCloud
{
    /// <summary>Data centres.</summary>
    Secure,
    /// <summary>Private hosts.</summary>
    Community,
}
