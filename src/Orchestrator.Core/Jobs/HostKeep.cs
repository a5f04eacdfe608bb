namespace Orchestrator.Jobs;

/// <summary>How long a failed job's host is kept for a person to look (<c>on-failure.keep-host</c>).</summary>
/// <param name="For">At most so long.</param>
/// <param name="MaxCost">And for so much, its wiping included; null = what the budget has left.</param>
public sealed record HostKeep(TimeSpan For, Money? MaxCost)
{
    /// <summary>Nobody looks for longer, and who forgets it pays no more than this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);
}
