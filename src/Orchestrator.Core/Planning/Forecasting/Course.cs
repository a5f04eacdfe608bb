namespace Orchestrator.Planning.Forecasting;

/// <summary>What an instance would do, in hours.</summary>
internal readonly struct Course
{
    /// <summary>The host is there, and has the image: the job runs there, or takes it over from another one.</summary>
    public required bool IsThere { get; init; }

    /// <summary>Gigabytes of code and data that are fetched.</summary>
    public required double Data { get; init; }

    /// <summary>On the cards it was measured on.</summary>
    public required double Work { get; init; }

    /// <summary>The same on these cards.</summary>
    public required double Local { get; init; }

    /// <summary>Gigabytes of checkpoint.</summary>
    public required double Restore { get; init; }

    /// <summary>From the end of the boot until training begins.</summary>
    public required double Setup { get; init; }

    /// <summary>Work and checkpoints.</summary>
    public required double Training { get; init; }

    /// <summary>Gigabytes of checkpoints, if it sees the end.</summary>
    public required double Sent { get; init; }

    /// <summary>Training that an interruption costs.</summary>
    public required double Lost { get; init; }

    public required Survival Life { get; init; }
}
