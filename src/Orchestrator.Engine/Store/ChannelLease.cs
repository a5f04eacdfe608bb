using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>One server's ownership of one attempt's channel; writes with an older epoch are refused.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Epoch">Fencing number, rises with every claim.</param>
/// <param name="Provider">The provider to ask for the endpoint.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="Label">The label the agent must say in its hello.</param>
/// <param name="LastSeq">Newest agent event stored.</param>
/// <param name="LogOffset">Log stored up to here.</param>
public sealed record ChannelLease(JobId Job, int Attempt, long Epoch, string Provider, string InstanceId, string Label, long LastSeq, long LogOffset);
