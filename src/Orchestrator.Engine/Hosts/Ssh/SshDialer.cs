using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>Attaches to an agent on a machine: one exec channel, lines both ways.</summary>
public sealed class SshDialer(SshNetwork network, IStoreRelay relay) : IAgentDialer
{
    public bool CanDial(HostEndpoint endpoint) => endpoint is SshEndpoint;

    public async Task<IAgentConnection> DialAsync(HostEndpoint endpoint, CancellationToken cancellation)
    {
        var there = (SshEndpoint)endpoint;
        try
        {
            var (session, place) = await network.To(there.Machine).AgentChannelAsync(cancellation);
            try
            {
                var execution = await session.StartAsync($"exec {SshShell.Quote(there.AgentPath)} attach --root {SshShell.Quote(there.Root)}", cancellation);
                return new SshAgentConnection(new SshStreams(session, execution, place)) { StoreUrls = (url, token) => relay.ReachAsync(there.Machine, url, token) };
            }
            catch
            {
                place.Dispose();
                throw;
            }
        }
        catch (ProviderException refused)
        {
            throw new AgentUnreachableException(refused.Message, refused);
        }
    }
}
