using Microsoft.Extensions.Logging;

namespace Orchestrator.Providers.SshHost;

/// <summary>
/// What keeps nothing new from beginning there and what keeps us from asking are remembered apart: a machine that answers can be listed and
/// tidied whatever else is wrong with it.
/// </summary>
internal sealed partial class MachineDesk
{
    /// <summary>So many times as long as a machine is left alone, its last refusal is an answer. It is asked anew meanwhile: that it lasts longer means that nobody asks.</summary>
    private const int RefusalsKept = 6;

    /// <summary>
    /// The inventory, with the agent in place. A preparation goes on in the background: a caller that does not want to wait finds it
    /// done the next time.
    /// </summary>
    public async Task<MachineInventory> KnownAsync(CancellationToken cancellation)
    {
        Task<MachineInventory> preparing;
        lock (_gate)
        {
            ThrowWhileAway();
            if (_unfit is { } unfit && IsFresh(_unfitAt))
            {
                throw unfit;
            }

            if (_inventory is { } known && _away is null && _unfit is null)
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
            return await preparing.WaitAsync(options.PrepareWait, time, cancellation);
        }
        catch (TimeoutException)
        {
            throw new ProviderException(ProviderErrorKind.Transient, $"machine {machine.Name} is being prepared (inventory, copy of the agent)");
        }
    }

    /// <summary>
    /// Where our folder is, once the machine has said it. Whatever else is wrong with a machine (a driver that does not answer, no room for
    /// our agent), what runs there can be listed, reached and ended.
    /// </summary>
    private async Task<string> RootAsync(CancellationToken cancellation)
    {
        if (Root is { } known)
        {
            return known;
        }

        try
        {
            return (await KnownAsync(cancellation)).Root;
        }
        catch (ProviderException) when (Root is not null)
        {
            return Root;
        }
    }

    private string? Root
    {
        get
        {
            lock (_gate)
            {
                return _root;
            }
        }
    }

    private Task<MachineInventory> PrepareAsync()
    {
        lock (_gate)
        {
            // Not the caller's token: others wait for it as well.
            return _preparing is { IsCompleted: false } running ? running : _preparing = Task.Run(PrepareNowAsync, CancellationToken.None);
        }
    }

    private async Task<MachineInventory> PrepareNowAsync()
    {
        var inventory = await GuardedAsync(async () => MachineAnswers.Inventory(
            machine.Name, await shell.RunAsync(machine.Address, MachineScripts.Inventory, [machine.Root], options.AskLimit + options.AskLimit, CancellationToken.None), time.GetUtcNow()), CancellationToken.None);
        lock (_gate)
        {
            _root = inventory.Root;
        }

        try
        {
            if (inventory.Trouble is { } trouble)
            {
                throw new ProviderException(ProviderErrorKind.Rejected, trouble);
            }

            await _installer.InstallAsync(inventory.Root);
        }
        catch (Exception failure)
        {
            var unfit = Known(failure);
            lock (_gate)
            {
                (_unfit, _unfitAt) = (unfit, time.GetTimestamp());
            }

            throw unfit;
        }

        lock (_gate)
        {
            (_inventory, _inventoryAt, _unfit) = (inventory, time.GetTimestamp(), null);
            if (inventory.Docker is not null && _tidying.IsCompleted)
            {
                // Nobody waits for it: a large image takes a while to delete.
                _tidying = Task.Run(() => _tidier.TidyAsync(inventory), CancellationToken.None);
            }
        }

        return inventory;
    }

    /// <summary>Of one that nobody has asked for long nothing is known any more: whoever asks then waits, as for a first answer. Under the lock.</summary>
    private void ThrowWhileAway()
    {
        if (_away is not { } away || time.GetElapsedTime(_awayAt) >= RefusalsKept * options.RetryAfter)
        {
            return;
        }

        if (!IsFresh(_awayAt) && _asking.IsCompleted)
        {
            _asking = Task.Run(() => QuietlyAsync(AskAgainAsync()), CancellationToken.None);
        }

        throw away;
    }

    private async Task AskAgainAsync()
    {
        if (Root is { } root)
        {
            await ReadBookAsync(root, CancellationToken.None);
        }
        else
        {
            await PrepareAsync();
        }
    }

    private bool IsFresh(long since) => time.GetElapsedTime(since) < options.RetryAfter;

    private static async Task QuietlyAsync(Task asking)
    {
        try
        {
            await asking;
        }
        catch (ProviderException)
        {
            // It is in the view.
        }
    }

    /// <summary>Remembers a machine that does not answer, and that it does again.</summary>
    private async Task<T> GuardedAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            var answer = await ask();
            Answered();
            return answer;
        }
        catch (Exception failure) when (failure is ProviderException || !cancellation.IsCancellationRequested)
        {
            var away = Known(failure);
            lock (_gate)
            {
                (_away, _awayAt) = (away, time.GetTimestamp());
            }

            throw away;
        }
    }

    private void Answered()
    {
        lock (_gate)
        {
            _away = null;
        }
    }

    /// <summary>What nobody foresaw is said in the log with all that is known of it.</summary>
    private ProviderException Known(Exception failure)
    {
        if (failure is ProviderException known)
        {
            return known;
        }

        log.LogWarning(failure, "machine {Machine}: an answer that nobody foresaw", machine.Name);
        return Unforeseen(machine, failure);
    }

    internal static ProviderException Unforeseen(SshMachine machine, Exception failure) =>
        new(ProviderErrorKind.Transient, $"machine {machine.Name}: an answer that nobody foresaw ({MachineAnswers.Clean(failure.Message)}); the server's log has all of it", failure);

    /// <summary>The machine differs from what we remember: look anew before the next offer.</summary>
    private void Forget()
    {
        lock (_gate)
        {
            _inventoryAt = time.GetTimestamp() - (long)(options.InventoryAge.TotalSeconds * time.TimestampFrequency);
        }
    }
}
