namespace Orchestrator.Engine.Store.Views;

public sealed record CheckpointView
{
    public long Job { get; init; }

    public string ManifestKey { get; init; } = "";

    public int Attempt { get; init; }

    public int Ordinal { get; init; }

    public string Entry { get; init; } = "";

    public long? Step { get; init; }

    public long Bytes { get; init; }

    /// <summary>reported, verified, rejected, retired or deleted.</summary>
    public string Status { get; init; } = "";

    public string Why { get; init; } = "";

    /// <summary>It was found in the store, not reported: the server was away.</summary>
    public bool Adopted { get; init; }

    public DateTimeOffset ReportedAt { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }
}
