using Orchestrator.Engine.Specs;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>The image as the spec writes it, without a login.</summary>
public sealed class SpecImages : IImageSource
{
    public Task<ImageToPull?> OfAsync(StoredSpec spec, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Task.FromResult(spec.Spec.Image is { } image ? new ImageToPull(image) : null);
    }
}
