using System.Collections.Immutable;
using Docker.DotNet.Models;
using Orchestrator.Attempts;
using Orchestrator.Engine.Hosts.Docker;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Hosts.Docker;

public sealed class ContainerSettingsTests
{
    private const long Gib = 1L << 30;
    private const string Root = "/home/eva/.orchestrator/instances/i-0123456789ab/root";

    private static readonly OfferTaken _half = new()
    {
        Provider = "ssh", OfferId = "box:1", Capacity = CapacityType.OnDemand, HostKind = HostKind.Machine, PricePerHour = Money.Zero, Gpu = "RTX 4090", GpuCount = 1, Cpus = 8, MemoryBytes = 32 * Gib,
    };

    [Fact]
    public void A_part_of_a_machine_is_bounded_to_its_part()
    {
        var host = Of(_half).HostConfig!;

        Assert.Equal((32 * Gib, 8_000_000_000L, 16 * Gib), (host.Memory, host.NanoCPUs, host.ShmSize));
    }

    [Fact]
    public void The_whole_of_a_machine_is_not()
    {
        var host = Of(_half with { Cpus = 16, MemoryBytes = (64 * Gib) - (Gib / 2) }).HostConfig!;

        Assert.Equal((0L, 0L, 32 * Gib), (host.Memory, host.NanoCPUs, host.ShmSize));
    }

    [Fact]
    public void Shared_memory_is_as_the_spec_says() =>
        Assert.Equal(8_000_000_000, Of(_half, resources: new ResourceRequest { Shm = ByteSize.FromGigabytes(8) }).HostConfig!.ShmSize);

    [Fact]
    public void It_gets_the_gpus_of_its_slots_and_no_others()
    {
        var settings = Of(_half, gpus: ["2", "3"]);

        var request = Assert.Single(settings.HostConfig!.DeviceRequests!);
        Assert.Equal(["2", "3"], request.DeviceIDs);
        Assert.Equal(0, request.Count);
        Assert.DoesNotContain(settings.Env!, one => one.StartsWith("NVIDIA_VISIBLE_DEVICES", StringComparison.Ordinal));
        Assert.Empty(Of(_half).HostConfig!.DeviceRequests!);
        Assert.Contains("NVIDIA_VISIBLE_DEVICES=void", Of(_half).Env!);
    }

    [Fact]
    public void Its_folder_is_seen_at_the_same_path_and_its_labels_say_whose_it_is()
    {
        var settings = Of(_half);

        Assert.Equal("orchestrator-i-0123456789ab", settings.Name);
        Assert.Equal((Root, Root, "bind"), Assert.Single(settings.HostConfig!.Mounts!) is var mount ? (mount.Source, mount.Target, mount.Type) : default);
        Assert.Empty(settings.HostConfig!.Binds ?? []);
        Assert.Equal(
            ("i-0123456789ab", "folder-id", "orc-e1-7-2", "e1", "7", "2"),
            (settings.Labels!["orchestrator.instance"], settings.Labels["orchestrator.folder"], settings.Labels["orchestrator.label"], settings.Labels["orchestrator.epoch"], settings.Labels["orchestrator.job"], settings.Labels["orchestrator.attempt"]));
        Assert.Equal([Root, "2.29", "75", "/.orchestrator/orchestrator-agent", "supervise", "--root", Root, "--label", "orc-e1-7-2", "--container"], settings.Cmd);
    }

    [Fact]
    public void It_is_never_restarted_by_docker_and_its_log_is_bounded()
    {
        var host = Of(_half).HostConfig!;

        Assert.Equal((RestartPolicyKind.No, "host", "10m"), (host.RestartPolicy!.Name, host.NetworkMode, host.LogConfig!.Config!["max-size"]));
    }

    [Fact]
    public void Limits_are_left_alone_where_the_daemon_may_not_raise_them()
    {
        Assert.Contains(Of(_half).HostConfig!.Ulimits!, limit => limit is { Name: "memlock", Soft: -1 });
        Assert.Empty(Of(_half, raises: false).HostConfig!.Ulimits!);
    }

    private static CreateContainerParameters Of(OfferTaken offer, ImmutableArray<string> gpus = default, ResourceRequest? resources = null, bool raises = true) => ContainerSettings.Of(new ContainerOrder
    {
        Instance = "i-0123456789ab",
        Root = Root,
        Folder = "folder-id",
        Image = "sha256:0f3c",
        Gpus = gpus.IsDefault ? [] : gpus,
        Job = new JobState { Id = new JobId(7), Epoch = "e1", Name = "lora" },
        Attempt = new Attempt { Number = 2, Offer = offer, Label = "orc-e1-7-2", PlannedAt = default, Phase = AttemptPhase.Connecting, PhaseSince = default },
        Resources = resources ?? new ResourceRequest(),
        Daemon = (16, 64 * Gib),
        Needs = ("2.29", 75),
        RaisesLimits = raises,
    });
}
