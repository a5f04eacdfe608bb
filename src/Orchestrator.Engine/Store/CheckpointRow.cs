using Orchestrator.Engine.Store.Views;

namespace Orchestrator.Engine.Store;

internal sealed record CheckpointRow
{
    public long Job { get; init; }

    public string ManifestKey { get; init; } = "";

    public int Attempt { get; init; }

    public int Ordinal { get; init; }

    public string Entry { get; init; } = "";

    public long? Step { get; init; }

    public long Bytes { get; init; }

    public string Status { get; init; } = "";

    public string Why { get; init; } = "";

    public bool Adopted { get; init; }

    public DateTimeOffset ReportedAt { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }

    internal CheckpointView ToView() => new()
    {
        ManifestKey = ManifestKey,
        Attempt = Attempt,
        Ordinal = Ordinal,
        Entry = Entry,
        Step = Step,
        Bytes = Bytes,
        Status = Status,
        Why = Why,
        Adopted = Adopted,
        ReportedAt = ReportedAt,
        VerifiedAt = VerifiedAt,
    };
}
