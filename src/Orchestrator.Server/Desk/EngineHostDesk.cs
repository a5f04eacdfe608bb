using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Orchestrator.Engine.Store;
using Orchestrator.Offers;
using Orchestrator.Planning.Hosts;
using Orchestrator.Providers.SshHost;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Reputation and bans of hosts. An own machine is banned through its desk, which knows its name.</summary>
public sealed partial class EngineHostDesk(MarketMemoryStore memory, HostBanStore bans, JobStore jobs, SshHostProvider machines, IMachineDesk own) : IHostDesk
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(3650);

    public async Task<ImmutableArray<HostView>> ListAsync(CancellationToken cancellation)
    {
        var now = await jobs.NowAsync(cancellation);
        return HostViews.Make(
            HostRecords.Of(await memory.LoadAsync(now, cancellation), now), await bans.ListAsync(cancellation), machines.Machines.Select(view => view.Machine));
    }

    public Task BanAsync(HostBanRequest request, string by, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Seconds is { } seconds && !(seconds > 0 && seconds <= _longest.TotalSeconds))
        {
            throw new DeskException(Refusal.BadRequest, "a ban lasts for more than nothing and at most ten years", "leave the time out to ban until pardoned");
        }

        var length = request.Seconds is { } given ? TimeSpan.FromSeconds(given) : (TimeSpan?)null;
        return Machine(request.Host) is { } machine
            ? own.BanAsync(machine, request.Reason, by, length, cancellation)
            : bans.BanAsync(request.Host, request.Reason, by, length, cancellation);
    }

    public async Task PardonAsync(string host, string by, CancellationToken cancellation)
    {
        if (Machine(host) is { } machine)
        {
            await own.UnbanAsync(machine, by, cancellation);
        }
        else if (!await bans.PardonAsync(host, by, cancellation))
        {
            throw new DeskException(Refusal.Policy, $"host {host} is not banned", "orchestrator hosts says which are");
        }
    }

    /// <summary>The name of an own machine; null = a host of somebody else.</summary>
    private static string? Machine(string host) => !HostPattern().IsMatch(host)
        ? throw new DeskException(Refusal.BadRequest, $"\"{Views.Clean.Line(host, 60)}\" is no host", "name it as offers do: vast/58761, ssh/lab-1")
        : OwnMachines.MachineOf(host);

    [GeneratedRegex("^[a-z0-9-]{1,40}/[A-Za-z0-9._:-]{1,100}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostPattern();
}
