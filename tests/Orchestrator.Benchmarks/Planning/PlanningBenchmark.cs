using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Memory;
using Orchestrator.Simulation.Markets;
using Orchestrator.Simulation.Reports;
using Orchestrator.Simulation.Worlds;

namespace Orchestrator.Benchmarks.Planning;

/// <summary>
/// How long a plan over a whole market takes, and how many jobs a core simulates per second. Each case also checks that what
/// it measured is right; only that decides the exit code, since times depend on the machine. Times are processor time.
/// </summary>
internal sealed class PlanningBenchmark(PlanningOptions options, TextWriter output)
{
    private const int Plans = 40;
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private static readonly DateTimeOffset _start = new(2026, 11, 20, 18, 0, 0, TimeSpan.Zero);

    public int Run()
    {
        var market = Market();
        var right = Case("plan one card", market, [new GpuRequirement { Model = "RTX 4090" }]);
        right &= Case("plan any card of 24 GB", market, [new GpuRequirement { Memory = new SizeRange(ByteSize.FromGigabytes(24), null) }]);
        right &= Worlds();
        return right ? 0 : 1;
    }

    private bool Case(string name, ImmutableArray<Offer> market, ImmutableArray<GpuRequirement> gpu)
    {
        var request = Request(gpu, 6);
        Plan plan = Planner.Plan(request, market, complete: true, MarketMemory.Empty);
        List<double> milliseconds = [];
        List<double> bytes = [];
        for (var i = 0; i < Plans; i++)
        {
            var (before, allocated) = (Processor(), GC.GetAllocatedBytesForCurrentThread());
            plan = Planner.Plan(request, market, complete: true, MarketMemory.Empty);
            _ = plan.ToView();
            milliseconds.Add((Processor() - before).TotalMilliseconds);
            bytes.Add(GC.GetAllocatedBytesForCurrentThread() - allocated);
        }

        // The order in which offers come must not matter, and none may be overlooked.
        IEnumerable<Offer> reversed = market.Reverse();
        if (options.Sabotage == PlanningOptions.LostOffer)
        {
            reversed = reversed.Where(offer => offer.Id != plan.Choices[0].Offer.Id);
        }

        var again = Planner.Plan(request, [.. reversed], complete: true, MarketMemory.Empty);
        var right = again.Choices.Select(choice => choice.Offer.Id).SequenceEqual(plan.Choices.Select(choice => choice.Offer.Id));
        milliseconds.Sort();
        bytes.Sort();
        Report(name, right, new Dictionary<string, double>
        {
            ["offers"] = market.Length,
            ["fit"] = plan.Fit,
            ["medianMs"] = Figures.Digits(Figures.At(milliseconds, 0.5)),
            ["p90Ms"] = Figures.Digits(Figures.At(milliseconds, 0.9)),
            ["medianBytes"] = Figures.At(bytes, 0.5),
            ["p90Bytes"] = Figures.At(bytes, 0.9),
        });
        return right;
    }

    private bool Worlds()
    {
        var terms = new JobTerms { HasImage = true, HasCheckpoints = true, MaxTotal = Money.FromDollars(200) };
        var job = new SimulatedJob("benchmark", terms, Request([new GpuRequirement { Model = "RTX 4090" }], 6) with { MaxChoices = 8 });
        var asked = new SimulationOptions { Worlds = options.Worlds, Seed = options.Seed, Parallel = 1 };

        // Once in full before it is measured: the runtime compiles what runs often a second time, on the same cores.
        var again = Simulator.Run(job, null, options.Sabotage == PlanningOptions.OtherSeed ? asked with { Seed = asked.Seed + 1 } : asked);
        var (before, allocated) = (Processor(), GC.GetTotalAllocatedBytes());
        var report = Simulator.Run(job, null, asked);
        var seconds = (Processor() - before).TotalSeconds;
        var runs = options.Worlds * asked.Choosers.Length;
        var bytes = GC.GetTotalAllocatedBytes() - allocated;
        var right = ReportText.Lines(report).Skip(1).SequenceEqual(ReportText.Lines(again).Skip(1));
        Report("simulate jobs", right, new Dictionary<string, double>
        {
            ["runs"] = runs,
            ["runsPerSecondAndCore"] = Figures.Digits(runs / seconds),
            ["ticksPerRun"] = Figures.Digits(report.Policies.SelectMany(policy => policy.Runs).Average(run => run.Ticks)),
            ["bytesPerRun"] = Figures.Digits(bytes / (double)runs),
        });
        return right;
    }

    private ImmutableArray<Offer> Market()
    {
        // About 1.1 offers per host are shown at a time.
        var market = new GeneratedMarket(options.Seed, new MarketOptions { Hosts = options.Offers * 11 / 10, Start = _start }).At(_start);
        return market.Length > options.Offers ? market[..options.Offers] : market;
    }

    private static PlanRequest Request(ImmutableArray<GpuRequirement> gpu, double hours) => new()
    {
        Now = _start,
        Demand = new JobDemand { Gpu = gpu, Resources = new ResourceRequest(), NeedsImage = true },
        Work = new WorkLeft { Time = TimeSpan.FromHours(hours), Gpu = "RTX 4090", Source = WorkSource.Spec },
        Rhythm = new RhythmTerms { HasCheckpoints = true, Every = new CheckpointRhythm { Kind = RhythmKind.Auto } },
        BudgetLeft = Money.FromDollars(200),
    };

    private static TimeSpan Processor() => Process.GetCurrentProcess().TotalProcessorTime;

    private void Report(string name, bool right, Dictionary<string, double> figures)
    {
        if (options.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(new { name, seed = options.Seed, right, figures }, _json));
        }
        else
        {
            output.WriteLine($"{name,-24} {(right ? "right" : "WRONG")}   {string.Join("   ", figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Key} {figure.Value}")))}");
        }
    }
}
