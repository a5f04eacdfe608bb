using Orchestrator.Engine.Specs;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>Says what to pull for a job.</summary>
public interface IImageSource
{
    /// <summary>Null = the job runs bare.</summary>
    /// <exception cref="HostRefusedException">The login for it cannot be had.</exception>
    Task<ImageToPull?> OfAsync(StoredSpec spec, CancellationToken cancellation);

    /// <summary>As <see cref="OfAsync"/>, for a host of somebody else's that pulls by itself: only with a login that may go there.</summary>
    /// <exception cref="HostRefusedException">It cannot be pulled without one that may not.</exception>
    Task<ImageToPull?> OfRentedAsync(StoredSpec spec, CancellationToken cancellation);

    /// <summary>Whether the registry refuses the image to this server too, with the same login; null = it does not, or does not say.</summary>
    Task<string?> RefusalAsync(StoredSpec spec, CancellationToken cancellation);
}
