namespace Orchestrator.Protocol;

/// <summary>What a host takes at most, each, to end once its lease has run out: it costs money meanwhile, so it is part of every bound.</summary>
public static class LeaseEnding
{
    public static readonly TimeSpan Noting = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Saving = TimeSpan.FromMinutes(14);
    public static readonly TimeSpan Cleaning = TimeSpan.FromMinutes(2);

    /// <summary>For its provider to answer.</summary>
    public static readonly TimeSpan Asking = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan Longest = Noting + Saving + Cleaning + Asking;
}
