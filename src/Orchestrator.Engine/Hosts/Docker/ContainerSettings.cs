using System.Globalization;
using Docker.DotNet.Models;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>A container as Docker is asked to make it.</summary>
internal static class ContainerSettings
{
    public const string InstanceLabel = "orchestrator.instance";

    /// <summary>Our own files in the container; nothing of an image's lies there.</summary>
    public const string Own = "/.orchestrator";

    /// <summary>A share that is all but the whole is no share: firmware and kernel keep some for themselves.</summary>
    private const double Whole = 0.98;

    /// <summary>Folder name of an instance on its machine.</summary>
    public static string Instance(string instanceId)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        return instanceId[(instanceId.LastIndexOf('.') + 1)..];
    }

    public static string Name(string instance) => "orchestrator-" + instance;

    public static CreateContainerParameters Of(ContainerOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        return new CreateContainerParameters
        {
            Name = Name(order.Instance),
            Image = order.Image,
            // Whoever the image means to be: we write to a folder of the machine's user, and setups install packages.
            User = "0:0",
            Entrypoint = ["/bin/sh", Own + "/start.sh"],
            Cmd =
            [
                order.Root, order.Needs.Glibc, order.Needs.Megabytes.ToString(CultureInfo.InvariantCulture),
                Own + "/orchestrator-agent", "supervise", "--root", order.Root, "--label", order.Attempt.Label, "--container",
            ],
            Env = Environment(order),
            // The image's own would judge a server that we do not run.
            Healthcheck = new HealthcheckConfig { Test = ["NONE"] },
            StopSignal = "SIGTERM",
            // The agent lets the trainer save and stores what it saved; Docker's own ten seconds would cut that off.
            StopTimeout = TimeSpan.FromSeconds(75),
            Labels = Labels(order),
            HostConfig = Host(order),
        };
    }

    private static List<string> Environment(ContainerOrder order) =>
    [
        // By it a destroy finds what got out of the container's sight.
        "ORCHESTRATOR_INSTANCE=" + order.Instance,
        // CUDA images ask for all GPUs, and get them where the NVIDIA runtime is the default.
        .. order.Gpus.IsEmpty ? (string[])["NVIDIA_VISIBLE_DEVICES=void"] : ["CUDA_DEVICE_ORDER=PCI_BUS_ID"],
    ];

    private static Dictionary<string, string> Labels(ContainerOrder order) => new(StringComparer.Ordinal)
    {
        [InstanceLabel] = order.Instance,
        ["orchestrator.folder"] = order.Folder,
        ["orchestrator.label"] = order.Attempt.Label,
        ["orchestrator.epoch"] = order.Job.Epoch,
        ["orchestrator.job"] = order.Job.Id.Value.ToString(CultureInfo.InvariantCulture),
        ["orchestrator.job-name"] = order.Job.Name,
        ["orchestrator.attempt"] = order.Attempt.Number.ToString(CultureInfo.InvariantCulture),
    };

    private static HostConfig Host(ContainerOrder order)
    {
        var offer = order.Attempt.Offer;
        var memory = offer.MemoryBytes > 0 && offer.MemoryBytes < order.Daemon.MemoryBytes * Whole ? offer.MemoryBytes : 0;
        return new HostConfig
        {
            // A mount, unlike a bind, fails where the folder is gone: a destroy that came in between is not undone.
            Mounts = [new Mount { Type = "bind", Source = order.Root, Target = order.Root }],
            // What must reach the store goes through the machine's own network, the relay's port on its loopback too.
            NetworkMode = "host",
            RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No },
            // The trainer's log is the agent's business; this one holds what the supervisor prints, and must not fill the disk.
            LogConfig = new LogConfig { Type = "json-file", Config = new Dictionary<string, string> { ["max-size"] = "10m", ["max-file"] = "2" } },
            ShmSize = order.Resources.Shm?.Bytes ?? (memory > 0 ? memory : order.Daemon.MemoryBytes) / 2,
            Memory = memory,
            NanoCPUs = offer.Cpus > 0 && offer.Cpus < order.Daemon.Cpus ? offer.Cpus * 1_000_000_000L : 0,
            Ulimits = order.RaisesLimits
                ? [new Ulimit { Name = "memlock", Soft = -1, Hard = -1 }, new Ulimit { Name = "stack", Soft = 64 << 20, Hard = 64 << 20 }, new Ulimit { Name = "nofile", Soft = 1 << 20, Hard = 1 << 20 }]
                : [],
            DeviceRequests = order.Gpus.IsEmpty ? [] : [new DeviceRequest { DeviceIDs = [.. order.Gpus], Capabilities = [["gpu", "utility", "compute"]] }],
            // Where SELinux is on, the machine's folder would be closed to the container otherwise.
            SecurityOpt = ["label=disable"],
        };
    }
}
