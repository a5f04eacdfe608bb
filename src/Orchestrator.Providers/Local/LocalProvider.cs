using System.Diagnostics;
using Orchestrator.Offers;
using Orchestrator.Reconciling;

namespace Orchestrator.Providers.Local;

/// <summary>
/// This machine as a provider: an instance is a folder and an agent that outlives the server. Needs neither root nor Docker
/// nor SSH. Create is deliberately not idempotent, as rental APIs are.
/// </summary>
public sealed class LocalProvider(LocalProviderOptions options, TimeProvider time) : IProvider
{
    /// <summary>Carried by every process of an instance, so that nothing escapes its destroy.</summary>
    private const string Mark = "ORCHESTRATOR_INSTANCE";

    /// <summary>A folder without a supervisor is booting for this long, then it counts as stopped.</summary>
    private static readonly TimeSpan _booting = TimeSpan.FromSeconds(10);

    private readonly Lazy<LocalGpus> _gpus = new(LocalGpus.Find);

    public string Name => "local";

    public ProviderTimings Timings => options.Timings;

    public bool IsOnThisMachine => true;

    public Task<IReadOnlyList<Offer>> ListOffersAsync(CancellationToken cancellation) => Task.FromResult(LocalOffers.Build(options, _gpus.Value.Cards, Instances()));

    public Task<IReadOnlyList<ListedInstance>> ListInstancesAsync(CancellationToken cancellation)
    {
        if (options.Faults.TakeFailedList())
        {
            throw new ProviderException(ProviderErrorKind.Transient, "the list failed (fault switch)");
        }

        var now = time.GetUtcNow();
        List<ListedInstance> listed = [];
        foreach (var (folder, card) in Folders())
        {
            if (now - card.CreatedAt >= options.Faults.DelayList)
            {
                var (status, words) = Judge(folder, card, now);
                listed.Add(new ListedInstance { InstanceId = card.Id, Label = card.Label, Status = status, Words = words });
            }
        }

        return Task.FromResult<IReadOnlyList<ListedInstance>>(listed);
    }

    public async Task<string> CreateAsync(LaunchRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (options.Faults.TakeRefusal() || !LocalOffers.Fits(options, _gpus.Value.Cards, Instances(), request.Offer))
        {
            throw new ProviderException(ProviderErrorKind.NoCapacity, $"this machine has no room for {request.Offer.OfferId} now");
        }

        var id = "i-" + Guid.NewGuid().ToString("N")[..12];
        var folder = new InstanceFolder(Path.Combine(options.InstancesFolder, id));
        try
        {
            folder.WriteCard(new LocalInstance { Id = id, Label = request.Label, CreatedAt = time.GetUtcNow(), Cpus = request.Offer.Cpus, Gpus = request.Offer.GpuCount });
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderErrorKind.Rejected, $"cannot make an instance in {options.InstancesFolder}: {full.Message}", full);
        }

        try
        {
            await RunAgentAsync(["supervise", "--root", folder.AgentRoot, "--label", request.Label, "--detach"], id, cancellation);
        }
        catch (ProviderException refused) when (refused.Kind == ProviderErrorKind.Rejected)
        {
            // Nothing runs: its card would be listed as an instance for ever.
            Directory.Delete(folder.Root, recursive: true);
            throw;
        }

        return options.Faults.TakeLostReply()
            ? throw new ProviderException(ProviderErrorKind.Transient, "the reply was lost (fault switch)")
            : id;
    }

    public async Task DestroyAsync(string instanceId, CancellationToken cancellation)
    {
        var folder = Find(instanceId);
        try
        {
            await File.WriteAllTextAsync(folder.TerminatingMark, "", cancellation);
            await RunAgentAsync(["destroy", "--root", folder.AgentRoot], instanceId, cancellation);
            KillMarked(instanceId);
            // The card goes last: a delete that is cut off leaves an instance that is still listed.
            await RemoveAsync(folder.AgentRoot, cancellation);
            await RemoveAsync(folder.Root, cancellation);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            throw new ProviderException(ProviderErrorKind.Transient, $"cannot remove {folder.Root}: {failed.Message}", failed);
        }
    }

    public Task<HostEndpoint> GetEndpointAsync(string instanceId, CancellationToken cancellation) =>
        Task.FromResult<HostEndpoint>(new LocalEndpoint(Find(instanceId).AgentRoot, options.AgentPath));

    private static (InstanceStatus Status, string Words) Judge(InstanceFolder folder, LocalInstance card, DateTimeOffset now)
    {
        if (folder.IsTerminating)
        {
            return (InstanceStatus.Terminating, "being destroyed");
        }

        if (folder.ReadSupervisor() is { } supervisor)
        {
            return ProcessTable.IsAlive(supervisor)
                ? (InstanceStatus.Running, $"pid {supervisor.Pid}")
                : (InstanceStatus.Stopped, "its supervisor is gone (killed, or the machine was restarted)");
        }

        return now - card.CreatedAt < _booting ? (InstanceStatus.Booting, "starting") : (InstanceStatus.Stopped, "its supervisor never came up");
    }

    /// <summary>
    /// By the system's own tools: they delete names that are no text, and open the read-only folders that caches and data sets
    /// leave behind. A link is deleted, never followed.
    /// </summary>
    private static async Task RemoveAsync(string path, CancellationToken cancellation)
    {
        if (Directory.Exists(path))
        {
            await ToolAsync("chmod", ["-R", "u+rwX", "--", path], cancellation);
            await ToolAsync("rm", ["-rf", "--one-file-system", "--", path], cancellation);
        }

        if (Directory.Exists(path))
        {
            throw new IOException($"{path} cannot be deleted; look at what holds it and delete it by hand");
        }
    }

    private static async Task ToolAsync(string tool, string[] arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardError = true })
            ?? throw new IOException($"{tool} did not start");
        await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
    }

    private static void KillMarked(string instanceId)
    {
        foreach (var pid in ProcessTable.Marked(Mark, instanceId))
        {
            try
            {
                using var process = Process.GetProcessById(pid);
                process.Kill();
            }
            catch (Exception ended) when (ended is ArgumentException or InvalidOperationException)
            {
                // It ended by itself.
            }
        }
    }

    private InstanceFolder Find(string instanceId)
    {
        // An id is a folder's name and nothing else: a path in it is not followed.
        var folder = new InstanceFolder(Path.Combine(options.InstancesFolder, Path.GetFileName(instanceId)));
        return folder.ReadCard() is not null ? folder : throw new ProviderException(ProviderErrorKind.NotFound, $"there is no instance {instanceId} on this machine");
    }

    private IReadOnlyList<LocalInstance> Instances() => [.. Folders().Where(one => !one.Folder.IsTerminating).Select(one => one.Card)];

    private IEnumerable<(InstanceFolder Folder, LocalInstance Card)> Folders()
    {
        if (!Directory.Exists(options.InstancesFolder))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateDirectories(options.InstancesFolder).Order(StringComparer.Ordinal))
        {
            var folder = new InstanceFolder(path);
            if (folder.ReadCard() is { } card)
            {
                yield return (folder, card);
            }
        }
    }

    private async Task RunAgentAsync(string[] arguments, string instanceId, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(options.AgentPath, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment[Mark] = instanceId;
        try
        {
            using var process = Process.Start(start) ?? throw new ProviderException(ProviderErrorKind.Rejected, $"{options.AgentPath} did not start");
            process.StandardInput.Close();
            var words = process.StandardError.ReadToEndAsync(cancellation);
            await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0)
            {
                throw new ProviderException(ProviderErrorKind.Transient, $"the agent's {arguments[0]} ended with {process.ExitCode}: {(await words).Trim()}");
            }
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new ProviderException(ProviderErrorKind.Rejected, $"cannot run the agent {options.AgentPath}: {missing.Message}", missing);
        }
    }
}
