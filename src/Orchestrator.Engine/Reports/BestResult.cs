using System.Collections.Immutable;

namespace Orchestrator.Engine.Reports;

/// <summary>Which of several runs came out best.</summary>
/// <param name="Metric">By this figure.</param>
/// <param name="IsLeast">Less is taken for better.</param>
/// <param name="Value">The best one's.</param>
/// <param name="Job">Number of the job.</param>
public sealed record BestResult(string Metric, bool IsLeast, double Value, long Job)
{
    /// <summary>Figures of which more is better, by a part of their name; of all others less is.</summary>
    private static readonly string[] _more = ["acc", "accuracy", "auc", "auroc", "bleu", "f1", "iou", "map", "ndcg", "precision", "psnr", "r2", "recall", "reward", "rouge", "score", "ssim"];

    /// <summary>Figures that say how a run goes, not how good it is.</summary>
    private static readonly string[] _none = ["epoch", "eta", "grad", "lr", "memory", "rate", "samples", "seconds", "speed", "step", "steps", "throughput", "time", "tokens"];

    /// <summary>
    /// By what was measured on other data than it was trained with, where there is such a figure; else by a loss, else by the first name.
    /// Only a figure that a run reports with a number counts.
    /// </summary>
    /// <returns>Null = none of them reports any.</returns>
    public static BestResult? Of(IEnumerable<(long Job, ImmutableSortedDictionary<string, double> Metrics)> runs)
    {
        var all = runs.ToList();
        var metric = all.SelectMany(run => run.Metrics.Where(figure => double.IsFinite(figure.Value)).Select(figure => figure.Key)).Distinct(StringComparer.Ordinal)
            .Where(name => !Parts(name).Any(part => _none.Contains(part)))
            .OrderBy(Rank).ThenBy(name => name, StringComparer.Ordinal).FirstOrDefault();
        if (metric is null)
        {
            return null;
        }

        var isLeast = !Parts(metric).Any(part => _more.Contains(part));
        var best = all.Where(run => run.Metrics.TryGetValue(metric, out var value) && double.IsFinite(value))
            .OrderBy(run => isLeast ? run.Metrics[metric] : -run.Metrics[metric]).ThenBy(run => run.Job).First();
        return new(metric, isLeast, best.Metrics[metric], best.Job);
    }

    private static int Rank(string metric)
    {
        var parts = Parts(metric);
        return (parts.Any(part => part is "eval" or "val" or "valid" or "validation" or "test" or "dev") ? 0 : 2) + (parts.Contains("loss") ? 0 : 1);
    }

    private static string[] Parts(string metric) => metric.ToLowerInvariant().Split(['_', '-', '/', '.', ' ', ':']);
}
