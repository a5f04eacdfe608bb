namespace Orchestrator.Planning.Forecasting;

/// <summary>The study's classes of run length; the defaults of <c>reliability: auto</c>.</summary>
public static class LengthClass
{
    /// <summary>Below, anything goes.</summary>
    public const double ShortHours = 4;

    /// <summary>Above, checkpoints are mandatory.</summary>
    public const double LongHours = 12;

    /// <summary>Between the two, checkpoints at least this often make a lower score bearable.</summary>
    public const double FrequentMinutes = 30;
}
