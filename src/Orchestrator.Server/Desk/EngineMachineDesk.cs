using System.Collections.Immutable;
using Orchestrator.Engine.Store;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Desk;

/// <summary>The machines of the configuration; the bans and what their lines reached from the database.</summary>
public sealed class EngineMachineDesk(SshHostProvider machines, SshHostOptions options, IMachineShell shell, HostBanStore bans, MachineLineStore lines, TimeProvider time) : IMachineDesk
{
    /// <summary>Many are examined at once for somebody who asked about everything.</summary>
    private static readonly TimeSpan _limitForAll = TimeSpan.FromSeconds(20);

    /// <summary>Long enough for the copy of the agent over a slow line.</summary>
    private static readonly TimeSpan _limitForOne = TimeSpan.FromMinutes(3);

    public async Task<ImmutableArray<MachineState>> ListAsync(CancellationToken cancellation)
    {
        var banned = await ((IMachineBans)bans).ListAsync(cancellation);
        var reached = await lines.ListAsync(cancellation);
        return [.. machines.Machines.Select(view => MachineStates.Of(view with { Line = reached.GetValueOrDefault(view.Machine.Host) }, banned.GetValueOrDefault(view.Machine.Name), time.GetUtcNow()))];
    }

    public async Task<ImmutableArray<DoctorCheck>> TestAsync(string? name, CancellationToken cancellation)
    {
        if (name is not null)
        {
            Require(name);
        }

        var banned = await ((IMachineBans)bans).ListAsync(cancellation);
        var reached = await lines.ListAsync(cancellation);
        var asked = machines.Machines.Select(view => view.Machine.Name).Where(machine => name is null || machine == name).ToList();
        var inTime = await Task.WhenAll(asked.Select(machine => ExamineAsync(machines, machine, name is null ? _limitForAll : _limitForOne, cancellation)));
        // Described when all have answered: that two names mean one machine shows by comparing them.
        return [.. asked.Zip(inTime, (machine, answered) => Describe(machines, machine, answered, name is null ? _limitForAll : _limitForOne, banned.GetValueOrDefault(machine), reached))];
    }

    public async Task<DoctorCheck> TryAsync(string yaml, CancellationToken cancellation)
    {
        if (DraftReader.Read(yaml).Machines is not [var machine])
        {
            throw new DeskException(Refusal.BadRequest, "exactly one machine can be tried at a time", "for example: machines: {lab-1: {address: 10.0.0.5, user: ubuntu}}");
        }

        if (IsConfigured(machine.Name))
        {
            throw new DeskException(Refusal.BadRequest, $"there is a machine \"{machine.Name}\" already", $"choose another name; orchestrator machine test {machine.Name} examines the one that is there");
        }

        var alone = new SshHostProvider(options with { Machines = [machine] }, shell, time);
        var check = Describe(alone, machine.Name, await ExamineAsync(alone, machine.Name, _limitForOne, cancellation), _limitForOne, null, ImmutableSortedDictionary<string, MachineLine>.Empty);
        return check.Level == "bad" ? check with { WhatToDo = "mend that first" } : check;
    }

    public Task BanAsync(string name, string? reason, string by, TimeSpan? length, CancellationToken cancellation)
    {
        Require(name);
        return bans.BanAsync(OwnMachines.HostOf(name), reason, by, length, cancellation);
    }

    public async Task UnbanAsync(string name, string by, CancellationToken cancellation)
    {
        if (!await bans.PardonAsync(OwnMachines.HostOf(name), by, cancellation))
        {
            Require(name);
            throw machines.Machines.Any(view => view.Machine.Name == name && view.Machine.Banned)
                ? new DeskException(Refusal.Policy, $"machine {name} is banned in orchestrator.yaml", $"take away machines.{name}.banned there")
                : new DeskException(Refusal.Policy, $"machine {name} is not banned", "orchestrator machine list says how it is");
        }
    }

    /// <returns>False = it did not answer in time.</returns>
    private static async Task<bool> ExamineAsync(SshHostProvider provider, string machine, TimeSpan longest, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(longest);
        try
        {
            await provider.ExamineAsync(machine, limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private DoctorCheck Describe(SshHostProvider provider, string machine, bool answered, TimeSpan longest, MachineBan? ban, ImmutableSortedDictionary<string, MachineLine> reached)
    {
        var view = provider.Machines.First(one => one.Machine.Name == machine);
        return answered
            ? SshMachineChecks.Describe(view with { Line = reached.GetValueOrDefault(view.Machine.Host) }, ban, time.GetUtcNow())
            // Over a slow line the copy of the agent alone takes longer than a person waits.
            : new DoctorCheck(view.Machine.Host, "warning", view.Trouble ?? $"not ready within {Say.For(longest)}: inventory or the copy of the agent is under way", "ask again in a moment");
    }

    private bool IsConfigured(string name) => machines.Machines.Any(view => view.Machine.Name == name);

    private void Require(string name)
    {
        if (!IsConfigured(name))
        {
            throw new DeskException(Refusal.NotFound, $"there is no machine \"{name}\"", "orchestrator machine list names them; add it under machines in orchestrator.yaml");
        }
    }
}
