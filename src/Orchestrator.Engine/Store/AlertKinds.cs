namespace Orchestrator.Engine.Store;

/// <summary>Names of alerts. A family is one kind, or all that begin with its name and a hyphen.</summary>
public static class AlertKinds
{
    public const string AccountChanged = "account-changed";
    public const string AccountSilent = "account-silent";
    public const string Balance = "balance";
    public const string Bill = "bill";
    public const string Budget = "budget";
    public const string Channel = "channel";
    public const string CheckpointAge = "checkpoint-age";
    public const string Configuration = "configuration";
    public const string Deadline = "deadline";
    public const string Forgotten = "forgotten-instance";
    public const string Leaked = "leaked";
    public const string Network = "network";
    public const string NotWiped = "not-wiped";
    public const string Orphan = "orphan";
    public const string Recovered = "recovered";
    public const string Series = "series";
    public const string Store = "store";
    public const string SweepOverdue = "sweep-overdue";

    private static readonly string[] _information = [Balance, Bill, Budget, Channel, CheckpointAge, Deadline, Network, NotWiped, Series, Store];

    /// <summary>
    /// Whether a person may put it aside. What costs money unseen (orphans, forgotten instances, an instance at a place that is not
    /// configured) or keeps us from looking for it stays until it is mended, and so does every kind that nobody has thought about.
    /// </summary>
    public static bool IsInformation(string kind) => Array.Exists(_information, family => IsOf(kind, family));

    internal static bool IsOf(string kind, string family) => kind == family || kind.StartsWith(family + "-", StringComparison.Ordinal);
}
