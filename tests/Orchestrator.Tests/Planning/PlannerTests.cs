using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Memory;
using Xunit;

namespace Orchestrator.Tests.Planning;

public sealed class PlannerTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly JobDemand _cpuJob = new() { Resources = new ResourceRequest { Cpu = 2, Memory = ByteSize.FromGigabytes(4) } };

    private static readonly JobDemand _gpuJob = new()
    {
        Resources = new ResourceRequest { Cpu = 2, Memory = ByteSize.FromGigabytes(4) },
        Gpu = [new GpuRequirement { Model = "RTX 4090" }, new GpuRequirement { Memory = new SizeRange(ByteSize.FromGigabytes(40), null) }],
    };

    [Fact]
    public void The_cheapest_that_fits_comes_first_and_ties_end_in_the_smaller_then_the_name()
    {
        var plan = Planner.Plan(Request(_cpuJob), [Cpu("d", 4, 0.2m), Cpu("c", 2, 0.2m), Cpu("b", 2, 0.2m), Cpu("a", 8, 0.5m)], complete: true, MarketMemory.Empty).ToView();

        Assert.Equal(["b", "c", "d", "a"], plan.Ranked.Select(offer => offer.Id));
    }

    [Theory]
    [InlineData("1 CPUs, 2 needed", 1, 16)]
    [InlineData("memory 2GB, 4GB needed", 4, 2)]
    public void What_is_too_small_is_rejected_with_its_numbers(string words, int cpus, int memory)
    {
        var rejection = Reject(_cpuJob, Cpu("x", cpus, 0.1m) with { MemoryBytes = memory * 1_000_000_000L });

        Assert.Equal(words, rejection?.Words);
    }

    [Fact]
    public void Where_nothing_fits_those_that_fail_in_one_point_only_are_told_by_it()
    {
        Offer[] offers =
        [
            Cpu("small", 1, 0.1m), Cpu("smaller", 1, 0.1m), Cpu("narrow", 4, 0.1m) with { MemoryBytes = 2_000_000_000 },
            Cpu("both", 1, 0.1m) with { MemoryBytes = 2_000_000_000, Gpu = "T4", GpuCount = 1, GpuMemoryGB = 16 },
            Cpu("unbelievable", 1, 0.1m) with { Score = double.NaN },
            Cpu("dear", 4, 3m),
        ];

        var near = Planner.NearMisses(Request(_cpuJob) with { MaxHourly = Money.FromDollars(1) }, offers, MarketMemory.Empty);

        Assert.Equal(
            ["narrow: memory 2GB, 4GB needed", "small: 1 CPUs, 2 needed", "smaller: 1 CPUs, 2 needed"],
            near.SelectMany(group => group.Sample).Where(one => one.Offer.Id != "dear").Select(one => $"{one.Offer.Id}: {one.Words}").Order(StringComparer.Ordinal));
        Assert.Equal("dear", Assert.Single(Assert.Single(near, group => group.Name == Planner.Reject(Request(_cpuJob) with { MaxHourly = Money.FromDollars(1) }, offers[^1], MarketMemory.Empty)!.Group).Sample).Offer.Id);
    }

    [Theory]
    [InlineData("RTX 4090", 24, null)]
    [InlineData("rtx4090", 24, null)]
    [InlineData("A100-80GB", 80, null)]
    [InlineData("RTX 3090", 24, "GPU memory")]
    public void Any_of_the_alternatives_will_do(string card, int memory, string? group)
    {
        var offer = Cpu("g", 8, 1m) with { Gpu = card, GpuCount = 1, GpuMemoryGB = memory };

        Assert.Equal(group, Reject(_gpuJob, offer)?.Group);
    }

    [Fact]
    public void A_job_without_GPU_leaves_the_cards_to_others()
    {
        Assert.Equal("with GPU", Reject(_cpuJob, Cpu("g", 8, 0m) with { Gpu = "T4", GpuCount = 1, GpuMemoryGB = 16 })?.Group);
        Assert.Equal("no GPU", Reject(_gpuJob, Cpu("c", 8, 0m))?.Group);
    }

    [Theory]
    [InlineData(12, 4, false)]
    [InlineData(12, 2, true)]
    [InlineData(11, 8, true)]
    [InlineData(null, 0, false)]
    public void A_driver_that_is_too_old_is_rejected_and_one_nobody_knows_is_tried(int? major, int minor, bool rejected)
    {
        var demand = _gpuJob with { Resources = _gpuJob.Resources with { Cuda = new CudaVersion(12, 4) } };
        var offer = Cpu("g", 8, 1m) with { Gpu = "RTX 4090", GpuCount = 1, GpuMemoryGB = 24, Cuda = major is { } known ? new CudaVersion(known, minor) : null };

        Assert.Equal(rejected ? "CUDA below 12.4" : null, Reject(demand, offer)?.Group);
    }

    [Fact]
    public void An_image_needs_a_host_that_runs_containers()
    {
        Assert.Equal("without containers", Reject(_cpuJob with { NeedsImage = true }, Cpu("c", 8, 0m))?.Group);
        Assert.Null(Reject(_cpuJob with { NeedsImage = true }, Cpu("c", 8, 0m) with { RunsImages = true }));
    }

    [Theory]
    [InlineData("vast", false, true)]
    [InlineData("local", false, false)]
    [InlineData("local", true, true)]
    [InlineData("vast", true, false)]
    public void The_specs_providers_are_kept_to(string named, bool excluded, bool rejected)
    {
        var demand = _cpuJob with { Providers = [new ProviderChoice { Name = named, Excluded = excluded }] };

        Assert.Equal(rejected, Reject(demand, Cpu("c", 8, 0m)) is not null);
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(100_001)]
    [InlineData(9_000_000_000_000)]
    public void A_price_that_cannot_be_wins_nothing(double price) =>
        Assert.Equal("price that cannot be", Reject(_cpuJob, Cpu("c", 8, (decimal)price))?.Group);

    [Theory]
    [InlineData("ssh/lab-1", false, false)]
    [InlineData("ssh/lab-2", false, true)]
    [InlineData("ssh/fast", false, false)]
    [InlineData("ssh/fas", false, true)]
    [InlineData("ssh/lab-1", true, true)]
    [InlineData("ssh/lab-2", true, false)]
    public void A_spec_may_name_one_host_or_a_label(string named, bool excluded, bool rejected)
    {
        var demand = _cpuJob with { Providers = [new ProviderChoice { Name = named, Excluded = excluded }] };

        Assert.Equal(rejected, Reject(demand, Cpu("c", 8, 0m) with { Provider = "ssh", Host = "ssh/lab-1", Labels = ["fast"] }) is not null);
    }

    [Fact]
    public void Rejections_are_grouped_and_counted_most_first()
    {
        var plan = Planner.Plan(Request(_cpuJob), [Cpu("a", 1, 0m), Cpu("b", 1, 0m), Cpu("c", 4, 0m), Cpu("d", 4, 0m) with { MemoryBytes = 1 }], complete: true, MarketMemory.Empty).ToView();

        Assert.Equal("4 offers: 1 fit, 3 rejected: 2 fewer than 2 CPUs · 1 memory below 4GB", plan.Rejected);
    }

    private static Rejection? Reject(JobDemand demand, Offer offer) => Planner.Reject(Request(demand), offer, MarketMemory.Empty);

    private static PlanRequest Request(JobDemand demand) => new() { Now = _now, Demand = demand };

    private static Offer Cpu(string id, int cpus, decimal price) => new()
    {
        Provider = "local",
        Id = id,
        Capacity = CapacityType.OnDemand,
        HostKind = HostKind.Machine,
        PricePerHour = Money.FromDollars(price),
        Cpus = cpus,
        MemoryBytes = 64_000_000_000,
    };
}
