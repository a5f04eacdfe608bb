namespace Orchestrator.Planning.Forecasting;

/// <summary>Sums of weighted observations of one place.</summary>
/// <param name="above">The level above; null = there is none.</param>
internal sealed class Evidence(Evidence? above = null)
{
    /// <summary>Interruptions seen.</summary>
    public double Interruptions { get; set; }

    /// <summary>Interruptions that the prior expected meanwhile.</summary>
    public double Expected { get; set; }

    public double Launches { get; set; }

    public double Boots { get; set; }

    /// <summary>Logarithms of boot times in hours.</summary>
    public LogMean BootHours { get; } = new();

    public LogMean Down { get; } = new();

    public LogMean Up { get; } = new();

    /// <summary>This host against the usual one of its kind.</summary>
    public LogMean Speed { get; } = new();

    /// <summary>
    /// Tells the level above what this place has seen. How much its mean is worth there falls with what it has seen itself: it is
    /// one place among many, so that a hundred hours on one host say less of its kind than an hour on each of a hundred.
    /// </summary>
    /// <param name="lives">How alike places of this level are, in interruptions.</param>
    /// <param name="boots">The same in launches.</param>
    /// <param name="hours">The same in boot times.</param>
    public void Tell(double lives, double boots, double hours)
    {
        if (above is not null)
        {
            var lived = lives / (lives + Expected);
            above.Interruptions += lived * Interruptions;
            above.Expected += lived * Expected;
            var launched = boots / (boots + Launches);
            above.Launches += launched * Launches;
            above.Boots += launched * Boots;
            above.BootHours.Add(BootHours, hours / (hours + BootHours.Weight));
        }
    }
}
