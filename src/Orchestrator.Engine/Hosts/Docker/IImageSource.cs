using Orchestrator.Engine.Specs;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>Says what to pull for a job.</summary>
public interface IImageSource
{
    /// <summary>Null = the job runs bare.</summary>
    /// <exception cref="HostRefusedException">The login for it cannot be had.</exception>
    Task<ImageToPull?> OfAsync(StoredSpec spec, CancellationToken cancellation);
}
