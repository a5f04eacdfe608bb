using Orchestrator.Attempts;
using Orchestrator.Engine.Hosts.Docker;
using Orchestrator.Engine.Hosts.Ssh;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Providers;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Asks the provider anew every time, since ports move, and the machine for its key, so that whoever goes there is not fooled.</summary>
public sealed class EngineReachDesk(JobStore jobs, ProviderSet providers, SshNetwork network) : IReachDesk
{
    public async Task<JobReach> ReachAsync(JobRef job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        var state = (await jobs.LoadAsync(new JobId(job.Id), cancellation)).State;
        if (state.Attempts is not [.., { InstanceId: { } instance, Phase: >= AttemptPhase.Connecting and < AttemptPhase.Terminating } attempt])
        {
            throw new DeskException(Refusal.Policy, $"job {job.Name} runs nowhere now", $"`orchestrator show {job.Name}` says what it does");
        }

        try
        {
            var provider = providers.Find(attempt.Offer.Provider) ?? throw new ProviderException(ProviderErrorKind.Rejected, $"provider {attempt.Offer.Provider} is not configured");
            var host = attempt.Offer.Host ?? attempt.Offer.Provider;
            return await provider.GetEndpointAsync(instance, cancellation) switch
            {
                LocalEndpoint local => new JobReach(job, attempt.Number, host, local.Root),
                SshEndpoint ssh => new JobReach(job, attempt.Number, host, ssh.Root)
                {
                    Ssh = await WayAsync(ssh.Machine, cancellation),
                    Prefix = state.Terms.HasImage && !ssh.IsOurContainer ? ContainerEntry.Of(instance) : [],
                },
                var other => throw new DeskException(Refusal.Policy, $"job {job.Name} runs behind a {other.GetType().Name}, which nobody can enter", "use `orchestrator logs` and `orchestrator fetch`"),
            };
        }
        catch (ProviderException away)
        {
            throw new DeskException(Refusal.Unavailable, $"job {job.Name} cannot be reached: {away.Message}", "it goes on by itself; try again later, or see `orchestrator doctor`");
        }
    }

    private async Task<SshReach> WayAsync(MachineAddress machine, CancellationToken cancellation)
    {
        // The machine first: the connection to it goes through the other, whose key is known then.
        var key = await network.HostKeyAsync(machine, cancellation);
        var jump = machine.Jump is { } way ? await WayAsync(way, cancellation) : null;
        return new(machine.Name, machine.Host, machine.Port, machine.User, machine.KeyFile, key, jump);
    }
}
