namespace Orchestrator.Server.Api;

/// <summary>An account that is rented with, by the books and by its own list.</summary>
public sealed record AccountView
{
    /// <summary>As orchestrator.yaml calls it.</summary>
    public required string Name { get; init; }

    public required string Provider { get; init; }

    /// <summary>Where its key comes from, never itself.</summary>
    public required string Key { get; init; }

    /// <summary>What could be spent when it was last asked; null = not said, or too long ago.</summary>
    public decimal? Left { get; init; }

    /// <summary>Hours until that ends; null = it lasts until what runs is done or has spent its budget, or nobody knows what is left.</summary>
    public double? LastsHours { get; init; }

    /// <summary>Dollars that what runs there needs to finish, as far as that is known; null = it is not.</summary>
    public decimal? Needed { get; init; }

    /// <summary>Dollars per hour of what runs there, at the prices now on our books, disk and what is regularly sent included.</summary>
    public decimal PerHour { get; init; }

    /// <summary>Instances on our books.</summary>
    public int Running { get; init; }

    /// <summary>Most instances at one time, by its limits; null = no limit.</summary>
    public int? MostRunning { get; init; }

    /// <summary>Most dollars per hour, by its limits; null = no limit.</summary>
    public decimal? MostPerHour { get; init; }

    /// <summary>Most dollars in any seven days, by its limits; null = no limit.</summary>
    public decimal? MostWeekly { get; init; }

    /// <summary>Instances whose end has been owed for long.</summary>
    public int Leaked { get; init; }

    /// <summary>Instances with our label that no job owns; null = it does not show what runs there.</summary>
    public int? Orphans { get; init; }

    /// <summary>Instances of other installations, and of nobody we know; never touched.</summary>
    public int? Foreign { get; init; }
}
