namespace Orchestrator.Jobs;

/// <summary>Least tier of a host.</summary>
public enum HostTier
{
    Any,
    Datacenter,
}
