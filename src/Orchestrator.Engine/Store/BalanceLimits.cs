namespace Orchestrator.Engine.Store;

/// <summary>When what is left on an account is too little.</summary>
public static class BalanceLimits
{
    /// <summary>What was said of money longer ago counts no more.</summary>
    public static TimeSpan Age { get; } = TimeSpan.FromMinutes(15);

    /// <summary>How often accounts are asked.</summary>
    public static TimeSpan Every { get; } = TimeSpan.FromMinutes(3);

    /// <summary>A person is told when it does not last for so long at what runs there now.</summary>
    public static TimeSpan Warn { get; } = TimeSpan.FromHours(24);
}
