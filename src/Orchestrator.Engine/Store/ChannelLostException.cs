using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>Another server owns the attempt's channel now (or the attempt is gone): close this one and write nothing more.</summary>
public sealed class ChannelLostException(JobId job, int attempt, long epoch)
    : Exception($"channel of job {job}, attempt {attempt}: epoch {epoch} was displaced by a newer owner");
