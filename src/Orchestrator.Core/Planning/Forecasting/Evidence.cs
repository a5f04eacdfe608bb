namespace Orchestrator.Planning.Forecasting;

/// <summary>Sums of weighted observations of one place.</summary>
internal sealed class Evidence
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
}
