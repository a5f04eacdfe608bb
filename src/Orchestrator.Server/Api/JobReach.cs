using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>Where a job runs now, for whoever wants to go there.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">Its newest attempt.</param>
/// <param name="Host">The machine, as the books name it.</param>
/// <param name="Root">The instance's folder there: the spec's absolute paths lie below it.</param>
public sealed record JobReach(JobRef Job, int Attempt, string Host, string Root)
{
    /// <summary>Null = on the server's own machine.</summary>
    public SshReach? Ssh { get; init; }

    /// <summary>
    /// What a command is put behind to run in the trainer's container. Empty = in the instance's folder; else the spec's paths are
    /// those of the container.
    /// </summary>
    public ImmutableArray<string> Prefix { get; init; } = [];
}
