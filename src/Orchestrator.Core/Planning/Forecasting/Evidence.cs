namespace Orchestrator.Planning.Forecasting;

/// <summary>Sums of weighted observations of one place.</summary>
/// <param name="lives">How alike places of this level are, in interruptions.</param>
/// <param name="above">The level above; null = there is none.</param>
internal sealed class Evidence(double lives, Evidence? above = null)
{
    /// <summary>Interruptions seen.</summary>
    public double Interruptions { get; private set; }

    /// <summary>Interruptions that the prior expected meanwhile.</summary>
    public double Expected { get; private set; }

    public double Launches { get; set; }

    public double Boots { get; set; }

    /// <summary>Logarithms of boot times in hours.</summary>
    public LogMean BootHours { get; } = new();

    public LogMean Down { get; } = new();

    public LogMean Up { get; } = new();

    /// <summary>This host against the usual one of its kind.</summary>
    public LogMean Speed { get; } = new();

    /// <summary>
    /// One more life, the oldest first. How much it is worth to the level above falls with what this place has seen already: it is
    /// one place among many, so that a hundred hours on one host say less of its kind than an hour on each of a hundred. Both sums
    /// are told by what was known when it happened: were the last sum to weigh all of them, places that were given up after a bad
    /// beginning would count too much.
    /// </summary>
    /// <param name="expected">Interruptions that the prior expected in it.</param>
    /// <param name="interruptions">That ended it: none, or one, less with age.</param>
    public void Live(double expected, double interruptions)
    {
        var before = lives + Expected;
        Expected += expected;
        Interruptions += interruptions;
        above?.Live(lives * Math.Log((lives + Expected) / before), interruptions * lives / (lives + Expected));
    }

    /// <summary>Tells the level above what this place's launches have shown, in the same way.</summary>
    /// <param name="boots">How alike places of this level are, in launches.</param>
    /// <param name="hours">The same in boot times.</param>
    public void TellBoots(double boots, double hours)
    {
        if (above is not null)
        {
            var launched = boots / (boots + Launches);
            above.Launches += launched * Launches;
            above.Boots += launched * Boots;
            above.BootHours.Add(BootHours, hours / (hours + BootHours.Weight));
        }
    }
}
