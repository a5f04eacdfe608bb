using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>One ownership of a channel.</summary>
public readonly record struct ChannelKey(JobId Job, int Attempt, long Epoch);
