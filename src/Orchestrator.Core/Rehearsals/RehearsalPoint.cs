namespace Orchestrator.Rehearsals;

/// <summary>What a trainer said once of how far it is.</summary>
/// <param name="Attempt">Of this attempt.</param>
/// <param name="Step">As reported.</param>
/// <param name="Total">Steps in all, as reported beside it; null = not said.</param>
/// <param name="Loss">Null = none was reported.</param>
/// <param name="At">When it was heard.</param>
public sealed record RehearsalPoint(int Attempt, long Step, long? Total, double? Loss, DateTimeOffset At)
{
    private static readonly string[] _names = ["loss", "train_loss", "train/loss", "training_loss"];

    /// <summary>The loss among a trainer's metrics: by its usual names, else the first that has the word in it.</summary>
    public static double? LossOf(IEnumerable<KeyValuePair<string, double>> metrics)
    {
        var finite = metrics.Where(metric => double.IsFinite(metric.Value)).OrderBy(metric => metric.Key, StringComparer.Ordinal).ToList();
        foreach (var name in _names)
        {
            if (finite.Where(metric => string.Equals(metric.Key, name, StringComparison.OrdinalIgnoreCase)).Select(metric => (double?)metric.Value).FirstOrDefault() is { } known)
            {
                return known;
            }
        }

        return finite.Where(metric => metric.Key.Contains("loss", StringComparison.OrdinalIgnoreCase)).Select(metric => (double?)metric.Value).FirstOrDefault();
    }
}
