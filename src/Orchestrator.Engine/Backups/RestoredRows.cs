namespace Orchestrator.Engine.Backups;

/// <summary>What a restored database holds.</summary>
public sealed record RestoredRows
{
    public long Jobs { get; init; }

    /// <summary>Jobs that had not ended.</summary>
    public long Live { get; init; }

    /// <summary>Tokens and links that open something, those too that were revoked after the backup.</summary>
    public long Tokens { get; init; }
}
