using Orchestrator.Determinism;
using Orchestrator.Recovery.Deadlines;
using Orchestrator.Simulation.CantBeLate;
using Orchestrator.Simulation.Fitting;
using Orchestrator.Simulation.Traces;
using Xunit;

namespace Orchestrator.Tests.Simulation;

public sealed class DeadlineRuleTests
{
    private const double Gap = 600;

    /// <summary>Small enough to solve many tables; overheads below and above one tick, slack from nearly none to plenty.</summary>
    private static TaskSetup RandomTask(SeededRandom random)
    {
        var overhead = random.Next(20) * 60.0;
        var work = (10 + random.Next(40)) * Gap - random.Next(10) * 60;
        return new TaskSetup(work, Math.Ceiling((work + overhead) / Gap + random.Next(30)) * Gap, overhead, Gap);
    }

    private static AvailabilityTrace RandomTrace(SeededRandom random, int ticks)
    {
        var (up, leaves, returns) = (random.Chance(0.5), random.NextDouble(), random.NextDouble());
        var available = new bool[ticks];
        for (var tick = 0; tick < ticks; tick++)
        {
            up = random.Chance(up ? leaves : returns) ? !up : up;
            available[tick] = up;
        }

        return new AvailabilityTrace("random", Gap, 0, available, [], null);
    }

    private static (RunResult Result, List<Placement> Choices) Run(TaskSetup task, AvailabilityTrace trace)
    {
        var journey = Ours.JourneyOf(task);
        var model = AvailabilityModels.OfSeveralPlaces;
        List<Placement> choices = [];
        var result = SingleRegion.Run(task, trace, new Ours(task, model, journey, new CostToGo(model, journey, Gap)), (_, choice) => choices.Add(choice));
        return (result, choices);
    }

    [Fact]
    public void A_feasible_deadline_is_never_missed_and_nothing_beats_the_optimum()
    {
        for (var seed = 0UL; seed < 300; seed++)
        {
            var random = new SeededRandom(seed);
            var task = RandomTask(random);
            var trace = RandomTrace(random, task.Ticks);
            var (result, _) = Run(task, trace);
            Assert.False(result.Missed, $"seed {seed}: {task}");
            Assert.True(Optimum.Cost(task, trace) <= result.Cost + 1e-6, $"seed {seed}: {task}");
        }
    }

    [Fact]
    public void Nothing_is_read_from_the_future()
    {
        for (var seed = 0UL; seed < 50; seed++)
        {
            var random = new SeededRandom(seed);
            var task = RandomTask(random);
            var trace = RandomTrace(random, task.Ticks);
            var from = random.Next(task.Ticks);
            bool[] changed = [.. trace.Available.Take(from), .. trace.Available.Skip(from).Select(up => !up)];
            var before = Run(task, trace).Choices.Take(from).ToArray();
            Assert.Equal(before, Run(task, trace with { Available = changed }).Choices.Take(before.Length));
        }
    }

    [Fact]
    public void The_order_of_places_changes_no_choice()
    {
        for (var seed = 0UL; seed < 40; seed++)
        {
            var random = new SeededRandom(seed);
            double[] prices = [0.5 + random.NextDouble(), 0.5 + random.NextDouble()];
            bool[] up = [random.Chance(0.5), random.Chance(0.5)];
            var (work, left) = (random.NextDouble() * 20 * Gap, 30 * Gap);
            var straight = Choice(prices, up, work, left);
            var turned = Choice([prices[1], prices[0]], [up[1], up[0]], work, left);
            Assert.Equal(straight.Kind, turned.Kind);
            Assert.Equal(straight.Kind == RideKind.Interruptible ? prices[straight.Place] : 0, straight.Kind == RideKind.Interruptible ? prices[1 - turned.Place] : 0);
        }
    }

    private static Ride Choice(double[] prices, bool[] up, double work, double left)
    {
        var journey = new Journey(24 * Gap, 30 * Gap, 300, 3, [.. prices], [[0, 0.1], [0.1, 0]]);
        var model = AvailabilityModels.OfSeveralPlaces;
        var rule = new DeadlineRule(model, journey, new CostToGo(model, journey, Gap), Gap);
        rule.Saw(0, up[0]);
        rule.Saw(1, up[1]);
        return rule.Choose(work, left, 0, Ride.Nowhere, prices, up);
    }

    [Fact]
    public void A_chain_over_a_part_of_a_step_keeps_what_is_usual()
    {
        var model = AvailabilityModels.OfOnePlace;
        foreach (var seconds in new[] { 195.0, 600, 1170 })
        {
            var over = model.Over(seconds);
            for (var to = 0; to < model.States; to++)
            {
                Assert.Equal(model.Usual[to], Enumerable.Range(0, model.States).Sum(from => model.Usual[from] * over[from, to]), 6);
            }
        }
    }

    [Fact]
    public void What_was_seen_counts()
    {
        var belief = new Belief(AvailabilityModels.OfOnePlace);
        belief.Saw(true);
        Assert.Equal(1, belief.Chances[..AvailabilityModels.OfOnePlace.UpStates].ToArray().Sum(), 9);
        belief.Saw(false);
        Assert.Equal(1, belief.Chances[AvailabilityModels.OfOnePlace.UpStates..].ToArray().Sum(), 9);
    }

    [Fact]
    public void The_constants_are_what_the_fit_prints()
    {
        bool[][] halves = [.. EnvironmentWindows.Of(TraceFiles.CantBeLate()).Values.Select(windows => windows.FirstHalf())];
        var fitted = AvailabilityFit.Fit(halves, Gap, 2, 2, 78).Model.Over(Gap);
        var kept = AvailabilityModels.OfSeveralPlaces.Over(Gap);
        for (var from = 0; from < 4; from++)
        {
            for (var to = 0; to < 4; to++)
            {
                Assert.Equal(kept[from, to], fitted[from, to], 3);
            }
        }
    }
}
