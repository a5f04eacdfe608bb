namespace Orchestrator.Server.Views;

/// <summary>When a job should be done, from what its current attempt has shown.</summary>
public static class Eta
{
    /// <summary>Seconds a step takes; null until two steps were seen or where the figures make no sense.</summary>
    /// <param name="fromStep">Where the attempt began.</param>
    /// <param name="trainingFrom">When it began to train.</param>
    /// <param name="step">Newest step.</param>
    /// <param name="stepAt">When that was reported.</param>
    public static double? SecondsPerStep(long fromStep, DateTimeOffset? trainingFrom, long step, DateTimeOffset? stepAt)
    {
        if (trainingFrom is not { } from || stepAt is not { } at || step - fromStep < 2 || at <= from)
        {
            return null;
        }

        return (at - from).TotalSeconds / (step - fromStep);
    }

    /// <summary>The expected end; null where it cannot be told or is too far to mean anything.</summary>
    public static DateTimeOffset? DoneAt(double? secondsPerStep, long step, long? total, DateTimeOffset? stepAt)
    {
        const double longest = 366.0 * 86_400;
        return secondsPerStep is > 0 and var pace && total is { } all && stepAt is { } at && (all - step) * pace is var left and <= longest
            ? at + TimeSpan.FromSeconds(Math.Max(0, left))
            : null;
    }
}
