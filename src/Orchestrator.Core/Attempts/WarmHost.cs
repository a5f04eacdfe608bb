using Orchestrator.Jobs;

namespace Orchestrator.Attempts;

/// <summary>
/// A rented instance that passes from a job of a batch to the next, as its heir knows it. Its rate, its rental's end and where it is are the offer's.
/// </summary>
public sealed record WarmHost
{
    /// <summary>Whose it was.</summary>
    public required JobId Job { get; init; }

    /// <summary>The attempt of that job that gives it.</summary>
    public required int Attempt { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>What it is listed under at its provider: the launch token of its first owner. Names cannot be changed at most providers.</summary>
    public required string Label { get; init; }

    /// <summary>How many attempts owned it before the heir; on the host a later one never gives way to an earlier one.</summary>
    public required int Owners { get; init; }

    /// <summary>Since when its first owner's budget counted it. What the heir pays is what it costs from then on, less what the others paid.</summary>
    public required DateTimeOffset BilledFrom { get; init; }

    /// <summary>When the create call was permitted that made it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Disk that is rented with it.</summary>
    public long DiskBytes { get; init; }

    /// <summary>Of code and data what is not there and has to be fetched.</summary>
    public long FetchBytes { get; init; }
}
