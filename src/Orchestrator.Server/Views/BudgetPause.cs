using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>Whether it is its budget that keeps a job paused: to let it go on as it is would stop it again at once.</summary>
public static partial class BudgetPause
{
    /// <summary>By the words of whoever paused it.</summary>
    public static bool Is(JobSummary job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.State == "paused" && (job.Reason.StartsWith("the budget ", StringComparison.Ordinal) || job.Reason.Contains(" of the budget of ", StringComparison.Ordinal) || job.Reason.StartsWith("paused by orchestrator, for its budget", StringComparison.Ordinal));
    }

    /// <summary>The amount that a reason names as enough to go on; null = it names none.</summary>
    public static decimal? Named(string reason) =>
        AmountPattern().Match(reason) is { Success: true } found && decimal.TryParse(found.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount : null;

    [GeneratedRegex("orchestrator resume [0-9]+ --budget ([0-9]{1,7}(?:\\.[0-9]{1,2})?)\\)?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex AmountPattern();
}
