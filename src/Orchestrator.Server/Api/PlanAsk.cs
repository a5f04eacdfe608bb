using Orchestrator.Jobs;
using Orchestrator.Planning;

namespace Orchestrator.Server.Api;

/// <param name="Spec">As it would be submitted.</param>
/// <param name="Explain">An offer to explain number by number: provider/id, id, host or rank in the plan; null = none.</param>
public sealed record PlanAsk(SubmitRequest Spec, string? Explain)
{
    /// <summary>What the image weighs; null = an assumption stands in.</summary>
    public long? ImageBytes { get; init; }

    /// <summary>What data and code weigh; null = an assumption stands in.</summary>
    public long? DataBytes { get; init; }

    internal PlanRequest WithSizes(PlanRequest request) => request with
    {
        Sizes = request.Sizes with
        {
            Image = ImageBytes is >= 0 and var image ? new ByteSize(image) : request.Sizes.Image,
            Data = DataBytes is >= 0 and var data ? new ByteSize(data) : request.Sizes.Data,
        },
    };
}
