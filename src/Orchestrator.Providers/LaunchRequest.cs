using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers;

/// <summary>What to rent.</summary>
public sealed record LaunchRequest
{
    /// <summary>The launch token; becomes the instance's label.</summary>
    public required string Label { get; init; }

    public required OfferTaken Offer { get; init; }

    /// <summary>The job names an image: where we make containers ourselves, the instance is only put on the books, and its container made later.</summary>
    public bool InContainer { get; init; }

    /// <summary>What a rented container is made of, where the instance is our container; null = the provider's plain one.</summary>
    public ImageToRun? Image { get; init; }

    /// <summary>Oldest CUDA that the host's driver has to know for the job; null = the spec asks for none.</summary>
    public CudaVersion? Cuda { get; init; }

    /// <summary>Name of the job, for providers that show one beside the label.</summary>
    public required string JobName { get; init; }
}
