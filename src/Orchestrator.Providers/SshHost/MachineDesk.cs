using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Providers.SshHost;

/// <summary>
/// Everything we do on one machine, and what we know of it. A machine that does not answer is left alone for a while: whoever asks
/// meanwhile gets the last refusal at once, so that it costs nobody else's time.
/// </summary>
internal sealed class MachineDesk(SshMachine machine, SshHostOptions options, Lazy<AgentFile> agent, IMachineShell shell, TimeProvider time, ILogger log)
{
    /// <summary>Room that must be left for an instance to begin: its journal, its logs.</summary>
    private const long LeastDiskMiB = 200;

    private readonly Lock _gate = new();
    private readonly AgentInstaller _installer = new(machine, options, agent, shell);
    private readonly ImageTidier _tidier = new(machine, options, shell, log);
    private Task<MachineInventory>? _preparing;
    private MachineInventory? _inventory;
    private long _inventoryAt;
    private ProviderException? _failure;
    private long _failedAt;
    private int _used;
    private Task _tidying = Task.CompletedTask;

    public SshMachine Machine => machine;

    public MachineView View
    {
        get
        {
            lock (_gate)
            {
                return new(machine, _inventory, _inventory is null ? null : time.GetElapsedTime(_inventoryAt), _used, _inventory is null ? 0 : new MachineSlots(machine, _inventory).Count, _failure?.Message);
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

        try
        {
            await PrepareAsync().WaitAsync(cancellation);
            await BookAsync(cancellation);
        }
        catch (ProviderException)
        {
            // It is in the view.
        }

        return View;
    }

    /// <summary>What runs there, from the machine itself.</summary>
    public async Task<MachineBook> BookAsync(CancellationToken cancellation)
    {
        if (machine.Gone)
        {
            return new([], []);
        }

        var root = (await KnownAsync(cancellation)).Root;
        var book = await GuardedAsync(async () => MachineAnswers.Book(machine.Name, await shell.RunAsync(machine.Address, MachineScripts.List, [root], options.AskLimit, cancellation)));
        lock (_gate)
        {
            _used = book.UsedSlots.Count;
        }

        return book;
    }

    /// <summary>
    /// The inventory, with the agent in place. A preparation goes on in the background: a caller that does not want to wait finds it
    /// done the next time.
    /// </summary>
    public async Task<MachineInventory> KnownAsync(CancellationToken cancellation)
    {
        Task<MachineInventory> preparing;
        lock (_gate)
        {
            if (_failure is { } failure && time.GetElapsedTime(_failedAt) < options.RetryAfter)
            {
                throw failure;
            }

            if (_inventory is { } known && _failure is null)
            {
                if (time.GetElapsedTime(_inventoryAt) >= options.InventoryAge)
                {
                    // Old figures serve until there are new ones.
                    _ = PrepareAsync();
                }

                return known;
            }

            preparing = PrepareAsync();
        }

        try
        {
            return await preparing.WaitAsync(options.PrepareWait, cancellation);
        }
        catch (TimeoutException)
        {
            throw new ProviderException(ProviderErrorKind.Transient, $"machine {machine.Name} is being prepared (inventory, copy of the agent)");
        }
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

        var root = await RootAsync(cancellation);
        var answer = MachineAnswers.LastLine(await GuardedAsync(() => shell.RunAsync(machine.Address, MachineScripts.Destroy, [root, name], options.ActLimit, cancellation)));
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
        return new SshEndpoint(machine.Address, $"{root}/instances/{name}/root", agent.Value.PathBelow(root));
    }

    /// <summary>Where our folder is does not change because a look at the machine failed: who is there can be reached and ended.</summary>
    private async Task<string> RootAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_inventory is { } known)
            {
                return known.Root;
            }
        }

        return (await KnownAsync(cancellation)).Root;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private Task<MachineInventory> PrepareAsync()
    {
        lock (_gate)
        {
            // Not the caller's token: others wait for it as well.
            return _preparing is { IsCompleted: false } running ? running : _preparing = Task.Run(() => GuardedAsync(PrepareNowAsync), CancellationToken.None);
        }
    }

    private async Task<MachineInventory> PrepareNowAsync()
    {
        var answer = await shell.RunAsync(machine.Address, MachineScripts.Inventory, [machine.Root], options.AskLimit + options.AskLimit, CancellationToken.None);
        var inventory = MachineAnswers.Inventory(machine.Name, answer, time.GetUtcNow());
        await _installer.InstallAsync(inventory.Root);
        lock (_gate)
        {
            (_inventory, _inventoryAt) = (inventory, time.GetTimestamp());
            if (inventory.Docker is not null && _tidying.IsCompleted)
            {
                // Nobody waits for it: a large image takes a while to delete.
                _tidying = Task.Run(() => _tidier.TidyAsync(inventory), CancellationToken.None);
            }
        }

        return inventory;
    }

    /// <summary>Remembers a machine that cannot be used now, and that it can again.</summary>
    private async Task<T> GuardedAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            var answer = await ask();
            lock (_gate)
            {
                _failure = null;
            }

            return answer;
        }
        catch (ProviderException failure)
        {
            lock (_gate)
            {
                (_failure, _failedAt) = (failure, time.GetTimestamp());
            }

            throw;
        }
    }

    /// <summary>The machine differs from what we remember: look anew before the next offer.</summary>
    private void Forget()
    {
        lock (_gate)
        {
            _inventoryAt = time.GetTimestamp() - (long)(options.InventoryAge.TotalSeconds * time.TimestampFrequency);
        }
    }
}
