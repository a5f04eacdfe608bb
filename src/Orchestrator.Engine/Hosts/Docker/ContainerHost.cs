using System.Collections.Immutable;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>
/// Makes the container of an instance on a machine: image, container, our files, start. Each step finds what an earlier try left, so that
/// a server that dies in between costs nothing but its time. Once the supervisor has been up, Docker is asked nothing any more: a daemon
/// that hangs keeps nobody from an agent.
/// </summary>
internal sealed class ContainerHost(
    JobStore jobs, AgentStore agents, IMachineShell shell, DockerConnector connector, IImageSource images, EngineOptions options, TimeProvider time, ILogger<ContainerHost> log) : IHostPreparer
{
    private static readonly TimeSpan _askLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _startLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan _copyLimit = TimeSpan.FromMinutes(10);

    public async Task PrepareAsync(ChannelLease lease, HostEndpoint endpoint, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lease);
        if (endpoint is not SshEndpoint { IsOurContainer: false } there)
        {
            return;
        }

        var snapshot = await jobs.LoadAsync(lease.Job, cancellation);
        var stored = StoredSpec.Parse(snapshot.SpecJson);
        // Neither a registry's login nor Docker is of any concern to a job that trains already.
        if (stored.Spec.Image is null || await CardAsync(there, cancellation) is not { } card
            || await (there.IsOurMachine ? images.OfRentedAsync(stored, cancellation) : images.OfAsync(stored, cancellation)) is not { } image)
        {
            return;
        }

        try
        {
            await MakeAsync(lease, there, card, snapshot.State, stored, image, cancellation);
        }
        catch (DockerApiException refused)
        {
            throw DockerFailures.OfStart(there.Machine, image.Reference, DockerFailures.Words(refused));
        }
        catch (HostRefusedException denied) when (denied.Fault == HostFault.Denied)
        {
            // What this server is refused with the same login, no machine would get.
            throw await images.RefusalAsync(stored, cancellation) is { } words
                ? new HostRefusedException(HostFault.Image, $"{denied.Message}; this server is refused it as well: {words}", denied)
                : denied;
        }
    }

    private async Task MakeAsync(
        ChannelLease lease, SshEndpoint there, (string Folder, ImmutableArray<string> Gpus) card, JobState state, StoredSpec stored, ImageToPull image, CancellationToken cancellation)
    {
        var machine = await connector.ConnectAsync(there.Machine, cancellation);
        var instance = ContainerSettings.Instance(lease.InstanceId);
        if (await FindAsync(machine, ContainerSettings.Name(instance), cancellation) is { State: { } now } found)
        {
            if (now.Running)
            {
                // Its agent is coming up.
                return;
            }

            if (now.Status != "created")
            {
                throw DockerFailures.OfEnd(there.Machine, image.Reference, now.ExitCode, await LogAsync(machine, found.ID, cancellation));
            }

            // Begun by a server that did not come to start it: who knows what is in it.
            await RemoveAsync(machine, found.ID, cancellation);
        }

        var info = await machine.AskAsync((docker, bound) => docker.System.GetSystemInfoAsync(bound), cancellation);
        await agents.ActivityAsync(lease, "looking for the image", cancellation);
        var pulled = new PulledImages(shell);
        await pulled.WantedAsync(there, image, cancellation);
        var (id, isNew) = await new ImageFetch(options.PullStall, time).EnsureAsync(machine, image, words => agents.ActivityAsync(lease, words, cancellation), cancellation);
        if (isNew)
        {
            await pulled.PulledAsync(there, image, cancellation);
        }

        var order = new ContainerOrder
        {
            Instance = instance,
            Root = there.Root,
            Folder = card.Folder,
            Image = id,
            Gpus = card.Gpus,
            Job = state,
            Attempt = state.Attempts.First(one => one.Number == lease.Attempt),
            Resources = stored.Spec.Resources,
            Daemon = (info.NCPU, info.MemTotal),
            Needs = HostPreflight.NeedsOf(options.AgentPath) is { } needs ? (needs.Glibc, needs.Megabytes) : ("0.0", HostPreflight.SpareMegabytes),
        };
        await agents.ActivityAsync(lease, "starting the container", cancellation);
        await StartAsync(machine, image, order, cancellation);
        log.LogInformation("job {Job} attempt {Attempt}: container {Name} of {Image} started on {Machine}", lease.Job, lease.Attempt, ContainerSettings.Name(instance), image.Reference, there.Machine.Name);
    }

    /// <summary>Null = its container was started before.</summary>
    private async Task<(string Folder, ImmutableArray<string> Gpus)?> CardAsync(SshEndpoint there, CancellationToken cancellation)
    {
        try
        {
            var answer = await shell.RunAsync(there.Machine, ContainerFiles.CardScript, [there.Root], _askLimit, cancellation);
            return answer.Output.Trim('\n').Split('\t') switch
            {
                ["begun"] => null,
                ["fresh", { Length: > 0 } folder, var gpus] => (folder, [.. gpus.Split(',', StringSplitOptions.RemoveEmptyEntries)]),
                _ => throw new AgentUnreachableException($"the instance is not on the books of {there.Machine.Name} any more"),
            };
        }
        catch (ProviderException away)
        {
            throw new AgentUnreachableException(away.Message, away);
        }
    }

    private async Task StartAsync(DockerMachine machine, ImageToPull image, ContainerOrder order, CancellationToken cancellation)
    {
        try
        {
            await CreateAndStartAsync(machine, order, cancellation);
        }
        catch (DockerApiException refused) when (order.RaisesLimits && DockerFailures.IsAboutLimits(DockerFailures.Words(refused)))
        {
            await RemoveAsync(machine, ContainerSettings.Name(order.Instance), cancellation);
            await StartAsync(machine, image, order with { RaisesLimits = false }, cancellation);
        }
        catch (DockerApiException refused)
        {
            throw DockerFailures.OfStart(machine.Address, image.Reference, DockerFailures.Words(refused));
        }
    }

    private async Task CreateAndStartAsync(DockerMachine machine, ContainerOrder order, CancellationToken cancellation)
    {
        var created = await machine.AskAsync((docker, bound) => docker.Containers.CreateContainerAsync(ContainerSettings.Of(order), bound), cancellation, _startLimit);
        await using var archive = await ContainerFiles.ArchiveAsync(options.AgentPath, cancellation);
        await machine.AskAsync(
            (docker, bound) => docker.Containers.ExtractArchiveToContainerAsync(created.ID, new CopyToContainerParameters { Path = "/" }, archive, bound), cancellation, _copyLimit);
        await machine.AskAsync((docker, bound) => docker.Containers.StartContainerAsync(created.ID, new ContainerStartParameters(), bound), cancellation, _startLimit);
    }

    private static async Task<ContainerInspectResponse?> FindAsync(DockerMachine machine, string name, CancellationToken cancellation)
    {
        try
        {
            return await machine.AskAsync((docker, bound) => docker.Containers.InspectContainerAsync(name, bound), cancellation);
        }
        catch (DockerApiException none) when (none.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static async Task<string> LogAsync(DockerMachine machine, string id, CancellationToken cancellation)
    {
        var wanted = new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Tail = "20" };
        return await machine.AskAsync(
            async (docker, bound) =>
            {
                using var log = await docker.Containers.GetContainerLogsAsync(id, wanted, bound);
                var (output, errors) = await log.ReadOutputToEndAsync(bound);
                return errors + output;
            },
            cancellation);
    }

    private static async Task RemoveAsync(DockerMachine machine, string name, CancellationToken cancellation)
    {
        try
        {
            await machine.AskAsync((docker, bound) => docker.Containers.RemoveContainerAsync(name, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, bound), cancellation);
        }
        catch (DockerApiException none) when (none.StatusCode == HttpStatusCode.NotFound)
        {
            // Somebody was faster.
        }
    }
}
