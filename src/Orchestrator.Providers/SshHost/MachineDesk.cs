using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Providers.SshHost;

/// <summary>
/// Everything we do on one machine, and what we know of it. Once a machine has not answered, whoever asks gets that refusal at once, and
/// it is asked again in the background, so that it costs nobody else's time.
/// </summary>
internal sealed partial class MachineDesk(SshMachine machine, SshHostOptions options, Lazy<AgentFile> agent, IMachineShell shell, TimeProvider time, ILogger log)
{
    /// <summary>Room that must be left for an instance to begin: its journal, its logs.</summary>
    private const long LeastDiskMiB = 200;

    private readonly Lock _gate = new();
    private readonly AgentInstaller _installer = new(machine, options, agent, shell);
    private readonly ImageTidier _tidier = new(machine, options, shell, log);
    private Task<MachineInventory>? _preparing;
    private Task _asking = Task.CompletedTask;
    private MachineInventory? _inventory;
    private long _inventoryAt;
    private string? _root;
    private ProviderException? _away;
    private long _awayAt;
    private ProviderException? _unfit;
    private long _unfitAt;
    private int _used;
    private Task _tidying = Task.CompletedTask;
    private string? _folder;
    private ImmutableDictionary<string, string> _agents = ImmutableDictionary<string, string>.Empty;

    public SshMachine Machine => machine;

    /// <summary>What our folder there is called, as it was when the machine last answered.</summary>
    public string? FolderId
    {
        get
        {
            lock (_gate)
            {
                return _folder;
            }
        }
    }

    public MachineView View
    {
        get
        {
            lock (_gate)
            {
                return new(machine, _inventory, _inventory is null ? null : time.GetElapsedTime(_inventoryAt), _used, _inventory is null ? 0 : new MachineSlots(machine, _inventory).Count, (_away ?? _unfit)?.Message);
            }
        }
    }

    /// <summary>Looks at the machine now, whatever is remembered.</summary>
    public async Task<MachineView> ExamineAsync(CancellationToken cancellation)
    {
        if (machine.Gone)
        {
            return View;
        }

        await QuietlyAsync(PrepareAsync().WaitAsync(cancellation));
        lock (_gate)
        {
            if (_away is not null)
            {
                return View;
            }
        }

        await QuietlyAsync(BookAsync(cancellation));
        return View;
    }

    /// <summary>What runs there, from the machine itself.</summary>
    public async Task<MachineBook> BookAsync(CancellationToken cancellation)
    {
        if (machine.Gone)
        {
            return new([], [], null, ImmutableDictionary<string, string>.Empty);
        }

        lock (_gate)
        {
            ThrowWhileAway();
        }

        return await ReadBookAsync(await RootAsync(cancellation), cancellation);
    }

    private async Task<MachineBook> ReadBookAsync(string root, CancellationToken cancellation)
    {
        var book = await GuardedAsync(async () => MachineAnswers.Book(machine.Name, await shell.RunAsync(machine.Address, MachineScripts.List, [root], options.AskLimit, cancellation)), cancellation);
        lock (_gate)
        {
            (_used, _folder, _agents) = (book.UsedSlots.Count, book.FolderId, book.Agents);
        }

        return book;
    }

    /// <returns>The id on the books.</returns>
    public async Task<string> LaunchAsync(LaunchRequest request, CancellationToken cancellation)
    {
        MachineInventory inventory;
        try
        {
            inventory = await KnownAsync(cancellation);
        }
        catch (ProviderException nothingSent)
        {
            // Nothing was begun, and only this machine is concerned: the job looks elsewhere.
            throw new ProviderException(ProviderErrorKind.NoCapacity, nothingSent.Message, nothingSent);
        }

        var slots = new MachineSlots(machine, inventory);
        if (slots.Wanted(request.Offer.OfferId) is not { } wanted)
        {
            throw new ProviderException(ProviderErrorKind.NoCapacity, $"machine {machine.Name} has no {request.Offer.OfferId} any more");
        }

        var name = InstanceId.New();
        string[] arguments =
        [
            inventory.Root, name, request.Label, Text(wanted), Text(slots.Count), agent.Value.Sha256, Text(slots.GpusPerSlot), Text(LeastDiskMiB),
            request.InContainer ? "container" : "bare",
        ];
        // Whatever goes wrong from here on: it may have begun.
        var answer = MachineAnswers.LastLine(await shell.RunAsync(machine.Address, MachineScripts.Launch, arguments, options.ActLimit, cancellation));
        if (answer == "started " + name)
        {
            return InstanceId.Of(machine.Name, name);
        }

        var words = answer.Split(' ', 3);
        if (words is ["refused", var kind, var why] && Enum.TryParse<ProviderErrorKind>(kind, out var known))
        {
            Forget();
            throw new ProviderException(known, $"machine {machine.Name}: {MachineAnswers.Clean(why)}");
        }

        throw new ProviderException(ProviderErrorKind.Transient, $"machine {machine.Name} did not say whether it started {name}: {MachineAnswers.Clean(answer)}");
    }

    public async Task DestroyAsync(string name, CancellationToken cancellation)
    {
        if (machine.Gone)
        {
            throw new ProviderException(ProviderErrorKind.NotFound, $"machine {machine.Name} is said to be gone, and {name} with it");
        }

        lock (_gate)
        {
            // The call that is made most of a machine that is off, by every tick of every job that was there.
            ThrowWhileAway();
        }

        var root = await RootAsync(cancellation);
        // One that takes too long (a Docker that hangs) says nothing of the machine: it can be listed all the same.
        var answer = MachineAnswers.LastLine(await shell.RunAsync(machine.Address, MachineScripts.Destroy, [root, name], options.ActLimit, cancellation));
        Answered();
        switch (answer.Split(' ', 2))
        {
            case ["destroyed"]:
                return;
            case ["gone"]:
                throw new ProviderException(ProviderErrorKind.NotFound, $"there is no instance {name} on machine {machine.Name}");
            case ["left", var why]:
                throw new ProviderException(ProviderErrorKind.Transient, $"machine {machine.Name}: {MachineAnswers.Clean(why)}");
            default:
                throw new ProviderException(ProviderErrorKind.Transient, $"machine {machine.Name} did not say whether it destroyed {name}: {MachineAnswers.Clean(answer)}");
        }
    }

    public async Task<HostEndpoint> EndpointAsync(string name, CancellationToken cancellation)
    {
        var root = await RootAsync(cancellation);
        lock (_gate)
        {
            // Where ours could not be copied, the one that began the instance is still there.
            var agentPath = _unfit is not null && _agents.TryGetValue(name, out var began) ? AgentFile.PathBelow(root, began) : agent.Value.PathBelow(root);
            return new SshEndpoint(machine.Address, $"{root}/instances/{name}/root", agentPath);
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
