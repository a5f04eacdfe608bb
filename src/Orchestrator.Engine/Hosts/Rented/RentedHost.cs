using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Attempts;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts.Rented;

/// <summary>
/// Brings the agent onto what was rented and starts it there, out of reach of our session's end: in a container that is the instance, or on
/// a machine that is its alone, where a job with an image gets its container from Docker (<see cref="Docker.ContainerHost"/>). Where it runs,
/// that is one question; after a restart it is started again, and says itself that its trainer is lost.
/// </summary>
internal sealed class RentedHost(JobStore jobs, AgentStore agents, IMachineShell shell, StoreReach store, EngineOptions options, ILogger<RentedHost> log) : IHostPreparer
{
    private static readonly TimeSpan _askLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _copyLimit = TimeSpan.FromMinutes(5);

    private readonly HostProbe _probe = new(shell);

    public async Task PrepareAsync(ChannelLease lease, HostEndpoint endpoint, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lease);
        if (endpoint is not SshEndpoint there || !(there.IsOurContainer || there.IsOurMachine))
        {
            return;
        }

        var snapshot = await jobs.LoadAsync(lease.Job, cancellation);
        var attempt = snapshot.State.Attempts.First(one => one.Number == lease.Attempt);
        if (!attempt.IsLive())
        {
            throw new AgentUnreachableException("the attempt has ended");
        }

        var offer = attempt.Offer;
        // How a machine is to be used: by a container or bare, and with how many GPUs.
        string[] kind = there.IsOurMachine ? [snapshot.State.Terms.HasImage ? "container" : "bare", offer.GpuCount.ToString(CultureInfo.InvariantCulture)]
            : attempt.Warm is { Owners: var before } ? [before.ToString(CultureInfo.InvariantCulture)] : [];
        try
        {
            if (await LookAsync(lease, there, kind, null, cancellation) == "wanted")
            {
                await InstallAsync(lease, there, snapshot, offer, kind, cancellation);
            }
        }
        catch (ProviderException away)
        {
            throw new AgentUnreachableException(away.Message, away);
        }
    }

    private async Task InstallAsync(ChannelLease lease, SshEndpoint there, JobSnapshot snapshot, OfferTaken offer, string[] kind, CancellationToken cancellation)
    {
        await agents.ActivityAsync(lease, "looking at what was rented", cancellation);
        await RequireFitAsync(there, cancellation);
        var seen = await _probe.RequireAsync(there, FolderOf(there), offer, cancellation);
        await agents.ActivityAsync(lease, "trying the way to the store", cancellation);
        var reach = await store.RequireAsync(there, FolderOf(there), snapshot, offer, cancellation);
        await agents.ActivityAsync(lease, "bringing the agent", cancellation);
        // Two servers that both believe to be the one get into nobody's way.
        var copy = $"{FolderOf(there)}/new-{Guid.NewGuid():N}";
        await shell.SendFileAsync(there.Machine, options.AgentPath, copy, _copyLimit, cancellation);
        await LookAsync(lease, there, kind, copy, cancellation);
        log.LogInformation("job {Job} attempt {Attempt}: the agent was started on {Instance} ({Seen}; {Reach})", lease.Job, lease.Attempt, there.Machine.Name, seen, reach);
    }

    /// <returns><c>up</c>, <c>wanted</c> or <c>begun</c>.</returns>
    private async Task<string> LookAsync(ChannelLease lease, SshEndpoint there, string[] kind, string? copy, CancellationToken cancellation)
    {
        string[] brought = copy is null ? ["", ""] : [copy, await HashAsync(cancellation)];
        var answer = await shell.RunAsync(
            there.Machine, there.IsOurMachine ? RentedScripts.Machine : RentedScripts.Container, [there.Root, lease.Label, FolderOf(there), .. brought, .. kind], _askLimit, cancellation);
        var lines = answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var last = lines.FirstOrDefault(line => line.StartsWith("refused ", StringComparison.Ordinal)) ?? lines.LastOrDefault("");
        if (last is "up keyless" or "begun keyless")
        {
            // It saves and stops all the same when nobody is heard of; that it ends itself is promised no more.
            await agents.KeylessAsync(lease, cancellation);
            log.LogWarning("job {Job} attempt {Attempt}: {Instance} was given no key to end itself with; without a server nothing bounds what it costs", lease.Job, lease.Attempt, there.Machine.Name);
            return last.Split(' ')[0];
        }

        return last switch
        {
            "up" or "wanted" or "begun" => last,
            "booting" => throw new AgentUnreachableException($"{there.Machine.Name}: its first boot goes on"),
            _ when last.StartsWith("refused ", StringComparison.Ordinal) => throw new HostRefusedException(HostFault.Machine, $"{there.Machine.Name}: {Short(last["refused ".Length..])}"),
            _ => throw new AgentUnreachableException($"{there.Machine.Name} does not say whether the agent runs: {Short(last + " " + answer.Problems)}"),
        };
    }

    /// <exception cref="HostRefusedException">The agent could not run there.</exception>
    private async Task RequireFitAsync(SshEndpoint there, CancellationToken cancellation)
    {
        if (HostPreflight.NeedsOf(options.AgentPath) is not { } needs)
        {
            return;
        }

        var answer = await shell.RunAsync(there.Machine, needs.Script, [FolderOf(there), needs.Glibc, needs.Megabytes.ToString(CultureInfo.InvariantCulture)], _askLimit, cancellation);
        switch (answer.ExitCode)
        {
            case 10 or 11 or 12 when there.IsOurContainer:
                throw new HostRefusedException(HostFault.Image, $"the agent cannot run in the image: {Short(answer.Output)}");
            case >= 10 and <= 15:
                throw new HostRefusedException(HostFault.Machine, $"{there.Machine.Name}: {Short(answer.Output)}");
        }
    }

    private async Task<string> HashAsync(CancellationToken cancellation)
    {
        await using var agent = File.OpenRead(options.AgentPath);
        return (await ContentHash.OfAsync(agent, cancellation)).Hash;
    }

    private static string FolderOf(SshEndpoint there) => there.AgentPath[..there.AgentPath.LastIndexOf('/')];

    private static string Short(string words) => words.Trim() is { Length: > 200 } text ? text[..200] : words.Trim();
}
