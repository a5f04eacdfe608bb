namespace Orchestrator.Drills;

/// <summary>One thing that can go wrong.</summary>
/// <param name="Name">As <c>--cases</c> and <c>--list</c> call it.</param>
/// <param name="Do">Does the damage to a job that has just been submitted, and sets right what a person would set right (starts the server again).</param>
public sealed record DrillCase(string Name, Func<DrillRun, Task> Do)
{
    /// <summary>Of the first server, while the damage is to be done.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The trainer's parameters, from name and seed.</summary>
    public required Func<Random, string, int, Kit.TrainerPlan> Plan { get; init; }

    /// <summary>How long a second instance may exist, in seconds; it may never train, and at the end it is a leak.</summary>
    public double ExtraInstanceFor { get; init; }

    /// <summary>It needs faults that only the local provider can be told to have.</summary>
    public bool IsLocalOnly { get; init; }

    /// <summary>Sabotage that this case must expose.</summary>
    public string? Exposes { get; init; }
}
