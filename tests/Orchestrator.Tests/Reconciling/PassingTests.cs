using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class PassingTests
{
    private static readonly JobTerms _terms = new() { Stall = null, HasImage = true, Batch = new BatchTerms("sweep", false, null) { ReusesHosts = true } };

    private static readonly BatchView _heir = new() { HasHeir = true };

    [Fact]
    public void A_job_that_is_done_wipes_its_host_for_the_next_and_keeps_it_until_that_takes_it()
    {
        var giver = Done(_heir);
        Assert.Equal((AttemptPhase.Passing, JobPhase.Succeeded), (giver.Newest.Phase, giver.State.Verdict?.Phase));
        Assert.Equal(new CleanHost { KeepData = true }, Assert.Single(giver.Owed.OfType<CommandAgent>()).Command);
        Assert.Null(Handing.OfferOf(giver.State, 0));

        Wiped(giver);
        Assert.Empty(giver.Owed);
        var warm = Handing.OfferOf(giver.State, 0)!;
        var heir = new Scene(_terms) { Batch = _heir with { Warm = [warm] }, Offers = [warm] };

        var taken = heir.Tick((giver.Now - heir.Now).TotalSeconds).OfType<HostTaken>().Single();
        Assert.Equal((AttemptPhase.Connecting, "i1", giver.Newest.Label), (heir.Newest.Phase, heir.Newest.InstanceId, heir.Newest.ListedAs));
        Assert.Empty(heir.Owed.OfType<LaunchInstance>());

        var half = Handing.Pass(giver.State, new JobId(8), taken);
        Assert.Equal(["HostPassed", "AttemptEnded"], half.Select(one => one.GetType().Name));
        Assert.Empty(Handing.Pass(giver.State, giver.State.Id, taken));
        foreach (var one in half)
        {
            giver.Apply(one);
        }

        Assert.Empty(giver.Owed);
        Assert.Empty(Handing.Pass(giver.State, new JobId(8), taken));
        Assert.Equal([JobPhase.Succeeded], giver.Tick(1).OfType<JobEnded>().Select(ended => ended.Phase));
    }

    [Fact]
    public void Nobody_in_line_any_more_or_nobody_who_took_it_in_time_and_it_is_wiped_and_destroyed_as_ever()
    {
        var left = Done(_heir);
        Wiped(left);
        left.Batch = new BatchView();
        left.Tick(1);
        var waited = Done(_heir);
        Wiped(waited);
        waited.Tick(19);
        Assert.Equal(AttemptPhase.Passing, waited.Newest.Phase);
        waited.Tick(2);

        foreach (var scene in new[] { left, waited })
        {
            Assert.Equal(AttemptPhase.Cleaning, scene.Newest.Phase);
            Assert.Null(Handing.OfferOf(scene.State, 0));
            Assert.Equal(new CleanHost(), Assert.Single(scene.Owed.OfType<CommandAgent>()).Command);
            scene.Say(s => new HostCleaned(true, "late") { Seq = s, At = scene.Now, KeptData = true });
            Assert.Equal(AttemptPhase.Cleaning, scene.Newest.Phase);
            scene.Say(s => new HostCleaned(true, "") { Seq = s, At = scene.Now });
            Assert.Single(scene.Owed.OfType<DestroyInstance>());
        }
    }

    [Fact]
    public void A_host_that_is_not_wiped_is_destroyed()
    {
        var scene = Done(_heir);

        scene.Say(s => new HostCleaned(false, "left behind: x") { Seq = s, At = scene.Now });

        Assert.Equal(AttemptPhase.Cleaning, scene.Newest.Phase);
    }

    /// <summary>It deletes all, knows nothing of owners, and keeps what lies where programs leave things.</summary>
    [Fact]
    public void A_host_with_an_agent_of_an_older_release_is_destroyed()
    {
        var scene = Done(_heir);

        scene.Say(s => new HostCleaned(true, "") { Seq = s, At = scene.Now });

        Assert.Equal((AttemptPhase.Cleaning, (DateTimeOffset?)null), (scene.Newest.Phase, scene.Newest.OfferedAt));
    }

    [Fact]
    public void A_host_is_passed_on_by_who_is_done_and_not_by_who_goes_on_nor_by_a_bad_host()
    {
        Assert.Equal(AttemptPhase.Passing, Failed(_terms, 1, "KeyError").Newest.Phase);
        Assert.Equal(AttemptPhase.Cleaning, Failed(_terms with { Restarts = 1 }, 1, "KeyError").Newest.Phase);
        Assert.Equal(AttemptPhase.Cleaning, Failed(_terms, 1, "RuntimeError: CUDA error: uncorrectable ECC error encountered").Newest.Phase);
        Assert.Equal(AttemptPhase.Cleaning, Failed(_terms with { Batch = _terms.Batch! with { ReusesHosts = false } }, 1, "KeyError").Newest.Phase);
        Assert.Equal(AttemptPhase.Cleaning, Failed(_terms, 1, "KeyError", _heir with { FailFast = true }).Newest.Phase);
        Assert.Equal(AttemptPhase.Cleaning, Done(new BatchView()).Newest.Phase);
    }

    [Fact]
    public void Who_may_begin_only_in_a_givers_place_waits_where_the_market_is_cheaper()
    {
        var warm = OfferOfGiver();
        var scene = new Scene(_terms) { Offers = [Scene.Offer("o2", "sim/2", 0.5m), warm], Batch = new BatchView { OnlyWarm = BatchHoldKind.Slot, Warm = [warm] } };
        scene.Tick(1);
        Assert.Equal(new BatchWait(BatchHoldKind.Slot), scene.State.BatchWait);

        scene.Offers = [warm, Scene.Offer("o2", "sim/2", 5m)];
        Assert.Contains("the warm host of job #7", scene.Tick(1).OfType<AttemptPlanned>().Single().Why, StringComparison.Ordinal);
    }

    /// <summary>A unit that the giver has begun is paid by it alone, and every owner's part of all others is its own.</summary>
    [Fact]
    public void Owners_pay_together_what_one_would_have_paid()
    {
        var offer = OfferTaken.Of(Scene.Offer("o1", "sim/1", 1m) with { BillingUnit = TimeSpan.FromMinutes(10), DiskPerGBMonth = Money.FromDollars(3) }, null) with { DiskBytes = 100_000_000_000 };
        DateTimeOffset At(double minutes) => Scene.Start.AddMinutes(minutes);
        double[] passes = [0, 7, 14.3, 19.9, 45.2];
        var owners = passes.Zip(passes.Skip(1)).Select((part, index) => new Attempt
        {
            Number = 1, Phase = AttemptPhase.Terminating, PhaseSince = At(part.Second), PlannedAt = At(part.First), Offer = offer, Label = "l", LaunchSentAt = At(part.First), BilledFrom = At(part.First),
            InstanceId = "i1", InstanceFoundAt = At(part.First), DestroyAcceptedAt = At(part.Second),
            Warm = index == 0 ? null : new WarmHost { Job = new(1), Attempt = 1, InstanceId = "i1", Label = "l", Owners = index, BilledFrom = At(0), CreatedAt = At(0) },
        }).ToList();

        var whole = offer.CostOf(TimeSpan.FromMinutes(45.2));
        Assert.Equal(whole, Sum(owners.Select(owner => owner.CostAt(At(60)))));
        Assert.Equal(whole, Sum(owners.Select(owner => InstanceCost.Of(owner, new InstanceSeen { InstanceId = "i1", RunningAt = At(0) }, BillingRules.Dearest, At(60)).Metered.Total)));
        Assert.Equal(offer.DiskPerHour.PerHourFor(TimeSpan.FromMinutes(19.9)) - offer.DiskPerHour.PerHourFor(TimeSpan.FromMinutes(14.3)), owners[2].CostAt(At(60)));
    }

    private static Money Sum(IEnumerable<Money> parts) => parts.Aggregate(Money.Zero, (sum, part) => sum + part);

    private static Offer OfferOfGiver()
    {
        var giver = Done(_heir);
        Wiped(giver);
        return Handing.OfferOf(giver.State, 0)!;
    }

    private static void Wiped(Scene scene)
    {
        scene.Say(s => new HostCleaned(true, "") { Seq = s, At = scene.Now, KeptData = true });
        Assert.NotNull(scene.Newest.OfferedAt);
    }

    private static Scene Done(BatchView batch)
    {
        var scene = new Scene(_terms) { Batch = batch }.Reach(AttemptPhase.Running);
        scene.Exit(0);
        Assert.Equal(AttemptPhase.Draining, scene.Newest.Phase);
        scene.Say(s => new DrainDone(true, true, "") { Seq = s, At = scene.Now });
        return scene;
    }

    private static Scene Failed(JobTerms terms, int code, string tail, BatchView? batch = null)
    {
        var scene = new Scene(terms) { Batch = batch ?? _heir }.Reach(AttemptPhase.Running);
        scene.Say(s => new TrainerEnded { Seq = s, At = scene.Now, ExitCode = code, Tail = tail + "\n" });
        scene.Say(s => new DrainDone(true, true, "") { Seq = s, At = scene.Now });
        return scene;
    }
}
