namespace Orchestrator.Engine.Artifacts;

/// <summary>What one attempt may do in the store now.</summary>
public sealed record GrantScope
{
    /// <summary>The job's prefixes, one for each epoch: everything below may be read.</summary>
    public required IReadOnlyCollection<string> JobPrefixes { get; init; }

    /// <summary>Only below this may be written.</summary>
    public required string AttemptPrefix { get; init; }

    /// <summary>It is the attempt its job counts on, or one that is draining.</summary>
    public required bool MayWrite { get; init; }

    /// <summary>Keys outside the job's prefix that may be read: staged code and data.</summary>
    public required IReadOnlySet<string> Readable { get; init; }
}
