namespace Orchestrator.Engine.Store;

/// <summary>When what is left on an account is too little.</summary>
public static class BalanceLimits
{
    /// <summary>What was said of money longer ago counts no more.</summary>
    public static TimeSpan Age { get; } = TimeSpan.FromMinutes(15);

    /// <summary>How often accounts are asked.</summary>
    public static TimeSpan Every { get; } = TimeSpan.FromMinutes(3);

    /// <summary>How long what runs there must be paid for before one more is rented. Providers stop everything some minutes before the end.</summary>
    public static TimeSpan Reserve { get; } = TimeSpan.FromHours(1);

    /// <summary>A person is told when it does not last for so long, or not until those that run are done.</summary>
    public static TimeSpan Warn { get; } = TimeSpan.FromHours(24);
}
