namespace Orchestrator.Server.Api;

/// <summary>What has to be moved to the chosen host and away from it. Bytes; a size that nobody gave is assumed.</summary>
/// <param name="ImageBytes">Zero = no image.</param>
/// <param name="DataBytes">Data and code.</param>
/// <param name="CheckpointBytes">One checkpoint; zero = none are made.</param>
public sealed record PlanMoves(long ImageBytes, long DataBytes, long CheckpointBytes)
{
    public bool IsImageAssumed { get; init; }

    public bool IsDataAssumed { get; init; }

    public bool IsCheckpointAssumed { get; init; }

    /// <summary>Checkpoints that are sent in the whole run, by the rhythm that is counted with; null = nobody knows.</summary>
    public long? Checkpoints { get; init; }

    /// <summary>Where checkpoints go; null = not known here.</summary>
    public string? Store { get; init; }

    /// <summary>Dollars for a gigabyte that leaves the stores; null = not known, and not counted.</summary>
    public decimal? EgressPerGB { get; init; }
}
