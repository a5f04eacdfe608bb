using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Hosts.Rented;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;

namespace Orchestrator.Engine.Hosts;

/// <summary>Makes a channel for a lease.</summary>
public sealed class AgentChannelFactory(
    AgentStore agents,
    ProviderSet providers,
    IEnumerable<IHostPreparer> preparers,
    IEnumerable<IAgentDialer> dialers,
    OrderSource orders,
    GrantDesk grants,
    HostLeases leases,
    ChannelSignals signals,
    Attendance attendance,
    TickQueue queue,
    EngineOptions options,
    ILogger<AgentChannel> log)
{
    private readonly IReadOnlyList<IHostPreparer> _preparers = [.. preparers];
    private readonly IReadOnlyList<IAgentDialer> _dialers = [.. dialers];

    public AgentChannel Create(ChannelLease lease) => new(lease, agents, providers, _preparers, _dialers, orders, grants, leases, signals, attendance, queue, options, log);
}
