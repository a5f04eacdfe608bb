using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Planning;

/// <summary>What a person could add to make the plan better, each as the line to write.</summary>
internal static class PlanHints
{
    public static ImmutableArray<string> Of(PlanRequest request)
    {
        var hints = ImmutableArray.CreateBuilder<string>();
        if (request.Work is not { } work)
        {
            var card = request.Demand.Gpu.IsEmpty ? "" : " on " + (request.Demand.Gpu.Select(wanted => wanted.Model).FirstOrDefault(model => model is not null) ?? "RTX 4090");
            hints.Add($"estimate: 6h{card}    how long training takes there: until then offers are ranked by their price per hour");
            return hints.ToImmutable();
        }

        if (work.Gpu is null && !IsOneKind(request.Demand.Gpu))
        {
            hints.Add("estimate: ... on RTX 4090    which card it was measured on: all are taken to be as fast as each other");
        }

        if (!request.Rhythm.HasCheckpoints && work.Time.TotalHours > LengthClass.ShortHours)
        {
            hints.Add("checkpoints: {path: ...}    without them every interruption starts the work anew");
        }

        if (request.Rhythm.HasCheckpoints && request.Sizes.Checkpoint is null)
        {
            hints.Add($"estimate: {{..., checkpoint-size: {Priors.Checkpoint}}}    how large one checkpoint is; {Priors.Checkpoint} is assumed");
        }

        return hints.ToImmutable();
    }

    /// <summary>One card in one number, or none at all: then a time without a card says enough.</summary>
    private static bool IsOneKind(ImmutableArray<GpuRequirement> wanted) => wanted is [] or [{ Model: not null }] && wanted.All(one => one.Count.Min == one.Count.Max);
}
