namespace Orchestrator.Jobs;

/// <summary>How the cards of one instance are connected.</summary>
public enum GpuInterconnect
{
    Any,
    Nvlink,
}
