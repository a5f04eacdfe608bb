using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class LaunchingTests
{
    [Fact]
    public void Intent_is_on_the_books_before_a_create_call_is_owed_and_belongs_to_one_tick()
    {
        var scene = new Scene();

        var events = scene.Tick(1);

        Assert.Collection(events, e => Assert.IsType<AttemptPlanned>(e), e => Assert.IsType<LaunchSent>(e));
        Assert.Equal("orc-e1-7-1", Assert.Single(scene.Owed.OfType<LaunchInstance>()).Label);
        Assert.Equal(3, Assert.Single(scene.Owed.OfType<LaunchInstance>()).CauseSeq);
    }

    /// <summary>The rhythm is a fact of the attempt, and the next attempt gets its own.</summary>
    [Fact]
    public void The_rhythm_that_the_plan_gives_an_offer_is_the_attempts()
    {
        var (first, second) = (new AttemptRhythm(TimeSpan.FromMinutes(14), TimeSpan.FromSeconds(4), TimeSpan.FromHours(13)), new AttemptRhythm(TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(40), TimeSpan.FromHours(13)));
        var scene = new Scene { Rhythms = [new OfferRhythm("sim", "other", second), new OfferRhythm("sim", "o1", first)] };
        scene.Tick(1);
        Assert.Equal(first, scene.Newest.Rhythm);

        scene.Rhythms = [];
        scene.Tick(1, new LaunchRejected(1, 1, RefusalKind.NotFound, "gone"));
        scene.Rhythms = [new OfferRhythm("sim", "o1", second)];
        for (var i = 0; i < 20 && scene.State.Attempts.Length < 2; i++)
        {
            scene.Tick(600);
        }

        Assert.Equal((2, second), (scene.Newest.Number, scene.Newest.Rhythm));
        Assert.Equal(first, scene.State.Attempts[0].Rhythm);
    }

    [Fact]
    public void A_lost_reply_is_sent_again_only_after_two_complete_lists_a_settling_time_apart_lack_the_label()
    {
        var scene = new Scene().Reach(AttemptPhase.Launching);

        Assert.Empty(scene.Tick(119));
        Assert.IsType<AbsenceNoted>(Assert.Single(scene.Tick(5)));
        Assert.Equal(scene.Now + scene.Policies.Settling, Kernel.NextDue(scene.State, scene.Policies, scene.Now));
        Assert.Empty(scene.Tick(5));
        Assert.Empty(scene.Tick(54));
        Assert.Equal(2, Assert.IsType<LaunchSent>(Assert.Single(scene.Tick(1))).Send);
    }

    [Fact]
    public void A_lost_reply_is_never_sent_again_while_the_list_is_unknown()
    {
        var scene = new Scene().Reach(AttemptPhase.Launching);
        scene.ListAnswers = false;

        Assert.Empty(scene.Tick(900));
        Assert.DoesNotContain(scene.Tick(100_000), e => e is LaunchSent { Attempt: 1 });
    }

    /// <summary>A machine that lost its power in the middle of the call: the job goes on elsewhere, and what turns up later is ended.</summary>
    [Fact]
    public void A_launch_that_nobody_can_settle_holds_its_job_for_a_while_only()
    {
        var scene = new Scene().Reach(AttemptPhase.Launching);
        scene.ListAnswers = false;
        scene.Tick((Kernel.NextDue(scene.State, scene.Policies, scene.Now) - scene.Now).TotalSeconds);

        var given = (scene.State.Attempts[0].LaunchSentAt!.Value - scene.Now) + scene.Policies.TimingsOf("sim").CreateTimeout + scene.Policies.Settling + scene.Policies.LossMaxWait;
        Assert.Empty(scene.Tick(given.TotalSeconds - 1));
        scene.Tick(1);
        Assert.Equal((EndReason.NeverBooted, AttemptPhase.Terminating), (scene.Newest.Reason, scene.Newest.Phase));

        scene.Tick(scene.Policies.LossMaxWait.TotalSeconds - 1);
        Assert.Single(scene.State.Attempts);
        Assert.Contains("both may cost", Assert.Single(scene.Tick(1).OfType<AttemptPlanned>()).Why, StringComparison.Ordinal);

        scene.Tick(1, new LaunchReplied(1, 1, "i1"));
        Assert.Equal("i1", Assert.Single(scene.Owed.OfType<DestroyInstance>()).InstanceId);
    }

    [Fact]
    public void A_reply_to_an_older_call_after_the_instance_is_known_is_a_second_instance()
    {
        var scene = new Scene().Reach(AttemptPhase.Booting);
        scene.Listed = InstanceStatus.Booting;

        scene.Tick(1, new LaunchReplied(1, 1, "i99"));

        var owed = Assert.IsType<DestroyInstance>(Assert.Single(scene.Owed));
        Assert.Equal("i99", owed.InstanceId);
    }

    [Fact]
    public void A_refusal_is_overruled_by_a_list_that_shows_the_label()
    {
        var scene = new Scene().Reach(AttemptPhase.Launching);
        scene.Listed = InstanceStatus.Booting;

        scene.Tick(1, new LaunchRejected(1, 1, RefusalKind.NoCapacity, "no"));

        Assert.Equal(("i1", AttemptPhase.Booting), (scene.Newest.InstanceId, scene.Newest.Phase));
    }

    [Theory]
    [InlineData(true, "sim was not asked: the queue is long")]
    [InlineData(false, "sim refused: too many requests: the queue is long")]
    public void What_we_held_back_ourselves_is_not_told_as_the_providers_refusal(bool nothingSent, string expected)
    {
        var scene = new Scene().Reach(AttemptPhase.Launching);

        var events = scene.Tick(1, new LaunchRejected(1, 1, RefusalKind.RateLimited, "the queue is long") { NothingSent = nothingSent });

        Assert.Equal(expected, events.OfType<AttemptEnding>().Single().Why);
    }

    /// <summary>A login that no rented host may be given is refused by no provider, and at every offer: only a person can mend it.</summary>
    [Fact]
    public void An_image_that_no_host_may_be_given_pauses_the_job_at_no_cost()
    {
        var scene = new Scene().Reach(AttemptPhase.Launching);

        scene.Tick(1, new LaunchRejected(1, 1, RefusalKind.Rejected, "the login may not be given to rented hosts: say hosts: yes under registries") { NothingSent = true, Fault = HostFault.Image });

        Assert.Equal((AttemptPhase.Ended, EndReason.ImageUnusable, Money.Zero, 0), (scene.Newest.Phase, scene.Newest.Reason, scene.Newest.Cost, scene.State.Interruptions));
        Assert.Equal(JobPhase.Paused, scene.State.Phase);
        Assert.Equal($"the login may not be given to rented hosts: say hosts: yes under registries; then: orchestrator resume {scene.State.Name}", scene.Newest.Why);
        scene.Tick(3600);
        Assert.Single(scene.State.Attempts);
    }

    [Theory]
    [InlineData(RefusalKind.NoCapacity, 5)]
    [InlineData(RefusalKind.NotFound, 5)]
    [InlineData(RefusalKind.Rejected, 5)]
    [InlineData(RefusalKind.RateLimited, 60)]
    [InlineData(RefusalKind.Unauthorized, 600)]
    [InlineData(RefusalKind.InsufficientFunds, 600)]
    [InlineData(RefusalKind.Gone, 600)]
    public void A_refused_launch_costs_nothing_and_waits_as_its_kind_says(RefusalKind kind, int seconds)
    {
        var scene = new Scene().Reach(AttemptPhase.Launching);

        scene.Tick(1, new LaunchRejected(1, 1, kind, "no"));
        Assert.Equal((AttemptPhase.Ended, Money.Zero, 0), (scene.Newest.Phase, scene.Newest.Cost, scene.State.Interruptions));
        Assert.Equal(JobPhase.Waiting, scene.State.Phase);

        scene.Tick(seconds * 0.75);
        Assert.Single(scene.State.Attempts);
        scene.Tick(seconds * 0.5);
        Assert.Equal(2, scene.State.Attempts.Length);
    }

    [Fact]
    public void Another_host_is_taken_after_a_failure_but_the_only_machine_is_not_avoided_for_ever()
    {
        var scene = new Scene();
        scene.Reach(AttemptPhase.Running);
        scene.LoseInstance();
        Assert.Equal(("o1", 2), (scene.Newest.Offer.OfferId, scene.Newest.Number));

        var other = new Scene();
        other.Reach(AttemptPhase.Running);
        other.Offers = [Scene.Offer("o1", "sim/1", 1m), Scene.Offer("o2", "sim/2", 2m)];
        other.LoseInstance();
        Assert.Equal(("o2", 2), (other.Newest.Offer.OfferId, other.Newest.Number));
    }

    [Theory]
    [InlineData(false, "no offer fits, but a provider does not answer: nothing")]
    [InlineData(true, "no offer fits, but not all of the market is seen yet: nothing")]
    public void Where_not_all_of_the_market_is_seen_the_job_says_whose_doing_that_is(bool partly, string words)
    {
        var scene = new Scene { Offers = [], Market = (false, partly) };

        scene.Tick(1);

        Assert.Equal((JobPhase.Waiting, words), (scene.State.Phase, scene.State.PhaseReason));
    }

    [Fact]
    public void Without_offers_the_job_waits_and_says_why()
    {
        var scene = new Scene { Offers = [] };

        scene.Tick(1);

        Assert.Equal((JobPhase.Waiting, "no offer fits: nothing"), (scene.State.Phase, scene.State.PhaseReason));
        Assert.Empty(scene.Tick(1));
        Assert.Equal(scene.Now.AddSeconds(29), Kernel.NextDue(scene.State, scene.Policies, scene.Now));
    }
}
