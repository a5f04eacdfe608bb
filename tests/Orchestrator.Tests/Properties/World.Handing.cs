using System.Collections.Immutable;
using Orchestrator.Reconciling;

namespace Orchestrator.Tests.Properties;

/// <summary>Hosts that pass from one job's world to another's.</summary>
public sealed partial class World
{
    /// <summary>Its host is another world's from here on: the instance as it is, with an agent that knows nothing of what was there before.</summary>
    public void Give(ImmutableArray<JobEvent> half, World heir, HostTaken taken)
    {
        Append(half);
        var instance = _provider.Instances.Single(one => one.Id == taken.Host.InstanceId);
        _provider.Instances.Remove(instance);
        _agents.Remove(instance.Id);
        foreach (var other in _provider.Instances.Where(one => one.Label == instance.Label))
        {
            // Which of two the books took is a matter of luck.
            other.Exempt |= instance.Exempt;
        }

        heir._provider.Instances.Add(instance);
        heir._agents[instance.Id] = new SimAgent(instance, heir._random, heir._faults, heir._store, heir._trainer, heir.AttemptPrefix(taken.Attempt), taken.Attempt);
    }
}
