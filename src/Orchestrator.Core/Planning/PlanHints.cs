using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Planning;

/// <summary>What a person could add to make the plan better, each as the line to write.</summary>
internal static class PlanHints
{
    /// <summary>That far from the optimum, a rhythm costs about twice what is lost in any case.</summary>
    private const double Far = 2;

    /// <param name="request">What is planned.</param>
    /// <param name="best">Checkpoints on the best offer; null = none, or nobody knows how much work is left.</param>
    public static ImmutableArray<string> Of(PlanRequest request, CheckpointAdvice? best)
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

        if (Rhythm(request, best) is { } why)
        {
            hints.Add((request.Rhythm.Every.Kind == RhythmKind.Trainer ? "checkpoints: {request: ..., every: auto}    " : "checkpoints: {every: auto}    ") + why);
        }

        return hints.ToImmutable();
    }

    private static string? Rhythm(PlanRequest request, CheckpointAdvice? best)
    {
        if (request.Rhythm.Written is not { } every)
        {
            return null;
        }

        if (Reliability.AreCheckpointsTooRare(request))
        {
            return $"one in {Say(every)} is too rare for a run of over {LengthClass.LongHours:0} h, and counts as none: one an hour is the least";
        }

        if (best is null)
        {
            return null;
        }

        // In long runs an hour is the most, however calm the place, unless to send one takes longer.
        var isLong = request.Work?.Time.TotalHours > LengthClass.LongHours;
        var most = isLong ? Max(TimeSpan.FromMinutes(Priors.LongRunRhythmMinutes), best.Upload) : TimeSpan.MaxValue;
        var (from, to) = (Min(best.OptimumFrom, most), Min(best.OptimumTo, most));
        return best.Every < from / Far || best.Every > to * Far
            ? $"one in {Say(every)} costs more than it must: on the best offer {(from < to ? $"{Say(from)} to {Say(to)}" : Say(to))} would be right"
            : null;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static string Say(TimeSpan span) => span.TotalMinutes < 1 ? FormattableString.Invariant($"{span.TotalSeconds:0} s") : FormattableString.Invariant($"{span.TotalMinutes:0} min");

    /// <summary>One card in one number, or none at all: then a time without a card says enough.</summary>
    private static bool IsOneKind(ImmutableArray<GpuRequirement> wanted) => wanted is [] or [{ Model: not null }] && wanted.All(one => one.Count.Min == one.Count.Max);
}
