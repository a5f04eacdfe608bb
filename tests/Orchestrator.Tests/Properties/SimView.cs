using System.Collections.Immutable;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;

namespace Orchestrator.Tests.Properties;

/// <summary>What the database holds of one attempt's channel.</summary>
public sealed class SimView
{
    private readonly List<AgentEvent> _events = [];
    private DateTimeOffset _heardAt;
    private DateTimeOffset? _progressAt;
    private long? _step;
    private long? _brokenAt;

    public void Hear(SimAgent agent, DateTimeOffset now)
    {
        _heardAt = now;
        _progressAt = agent.Step > (_step ?? -1) ? now : _progressAt;
        _step = agent.Step ?? _step;
        _brokenAt = agent.BrokenAt;
        _events.AddRange(agent.Journal.Skip(_events.Count));
    }

    /// <param name="seq">Events after this one.</param>
    /// <param name="listeningSince">Our own absence is neither the host's silence nor the trainer's.</param>
    public AgentView After(long seq, DateTimeOffset listeningSince) => new()
    {
        LastHeardAt = Later(_heardAt, listeningSince),
        Step = _step,
        NotFinite = _brokenAt is { } step ? ImmutableSortedDictionary<string, OddMetric>.Empty.Add("loss", new OddMetric(OddValue.NaN, step)) : null,
        ProgressAt = _progressAt is { } at ? Later(at, listeningSince) : null,
        Events = [.. _events.Skip((int)seq).Take(20)],
    };

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
