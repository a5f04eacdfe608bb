using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Measuring;
using Orchestrator.Planning.Memory;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Planning;

/// <summary>What a job, and others before it, showed of how long its work takes.</summary>
public sealed class WorkMeasuringTests
{
    private static readonly DateTimeOffset _start = Market.Now;

    [Fact]
    public void A_job_is_measured_over_all_its_attempts_on_the_card_it_was_longest_on()
    {
        var state = Job("RTX 4090", "RTX 3090", "RTX 4090");

        var pace = JobPace.Of(state.Attempts, [Pace(1, 1000, 1500), Pace(2, 100, 300), Pace(3, 1000, 1580)], 5000)!;

        Assert.Equal(("RTX 4090", 1.54, 2), (pace.Gpu!, pace.SecondsPerStep, pace.Attempts));
        Assert.Equal("measured: 1.54 s/step on RTX 4090 over 2 attempts", pace.Words);
    }

    [Fact]
    public void What_is_left_counts_from_the_newest_checkpoint()
    {
        var state = Job("RTX 4090") with { Checkpoints = [Checkpoint(1, 3100)] };

        var left = JobPace.Of(state.Attempts, [Pace(1, 3000, 4620, step: 3200)], 5000)!.Left(state, _start + TimeSpan.FromHours(2))!;

        Assert.Equal(WorkSource.JobHistory, left.Source);
        Assert.Equal(1900 * 1.54, left.Time.TotalSeconds, 3);
        Assert.Equal("measured: 1.54 s/step on RTX 4090 over 1 attempt, 1,900 steps left", left.Words);
    }

    [Theory]
    [InlineData(9, 5000, false)]
    [InlineData(10, 299, false)]
    [InlineData(10, 300, true)]
    [InlineData(260, 30, true)]
    public void Too_little_says_nothing(double steps, double seconds, bool isEnough) =>
        Assert.Equal(isEnough, JobPace.Of(Job("RTX 4090").Attempts, [Pace(1, steps, seconds)], 5000) is not null);

    [Theory]
    [InlineData(1e300, 1)]
    [InlineData(20, 1e300)]
    [InlineData(20, double.NaN)]
    [InlineData(double.PositiveInfinity, 600)]
    [InlineData(20, -600)]
    public void A_pace_that_cannot_be_is_none(double steps, double seconds) =>
        Assert.Null(JobPace.Of(Job("RTX 4090").Attempts, [Pace(1, steps, seconds)], 5000));

    [Theory]
    [InlineData(long.MaxValue, 10)]
    [InlineData(100, 101)]
    [InlineData(0, 0)]
    [InlineData(-7, 10)]
    public void A_total_that_cannot_be_leaves_the_work_unknown(long total, long step)
    {
        var state = Job("RTX 4090");

        Assert.Null(JobPace.Of(state.Attempts, [Pace(1, 1000, 1500, step, total)], null)?.Left(state, _start));
    }

    [Fact]
    public void Attempts_that_are_not_on_the_books_and_hostile_steps_break_nothing()
    {
        var state = Job("RTX 4090") with { Checkpoints = [Checkpoint(1, long.MaxValue)] };

        var left = JobPace.Of(state.Attempts, [Pace(1, 1000, 1500, step: 900), Pace(7, 1, 1), Pace(-1, 1, 1)], 5000)!.Left(state, _start)!;

        Assert.Equal(1.5, left.Time.TotalSeconds, 3);
    }

    [Fact]
    public void A_checkpoint_named_after_an_epoch_does_not_pass_for_a_step()
    {
        var state = Job("RTX 4090") with { Checkpoints = [Checkpoint(1, step: 3) with { ReportedAt = _start + TimeSpan.FromSeconds(3000) }] };

        var left = JobPace.Of(state.Attempts, [Pace(1, 3000, 3000, step: 3100)], 5000)!.Left(state, _start + TimeSpan.FromHours(1))!;

        Assert.Equal(2000, left.Time.TotalSeconds, 3);
    }

    [Fact]
    public void A_rehearsal_outranks_a_guess_and_a_guess_outranks_other_jobs()
    {
        var guess = new Estimate { Time = TimeSpan.FromHours(9), Model = "RTX 3090" };
        var rehearsed = Earlier(WorkSource.Rehearsal, 2, "r-31") with { TotalSteps = 4800, SecondsPerStep = 1.54 };

        Assert.Equal((WorkSource.Rehearsal, TimeSpan.FromHours(2)), Said(WorkGiven.Of(guess, null, [Earlier(WorkSource.ImageHistory, 4), rehearsed])));
        Assert.Equal((WorkSource.Spec, TimeSpan.FromHours(9)), Said(WorkGiven.Of(guess, null, [Earlier(WorkSource.ImageHistory, 4)])));
        Assert.Equal((WorkSource.ImageHistory, TimeSpan.FromHours(4)), Said(WorkGiven.Of(null, null, [Earlier(WorkSource.ImageHistory, 4)])));
        Assert.Null(WorkGiven.Of(null, null, []));
        Assert.Equal("rehearsal r-31, 20 Nov: 4,800 steps x 1.54 s", WorkGiven.Of(null, null, [rehearsed])!.Words);
        Assert.Equal(new ByteSize(7), WorkGiven.Of(guess, null, [rehearsed with { Checkpoint = new ByteSize(7) }])!.Checkpoint);
    }

    [Fact]
    public void Of_earlier_jobs_the_middle_one_on_the_newest_ones_cards_counts()
    {
        var given = WorkGiven.Of(null, null, [Earlier(WorkSource.ImageHistory, 5, "lora #9"), Earlier(WorkSource.ImageHistory, 1), Earlier(WorkSource.ImageHistory, 6), Earlier(WorkSource.ImageHistory, 99) with { Gpu = "RTX 3090" }])!;

        Assert.Equal(TimeSpan.FromHours(5), given.Time);
        Assert.Equal("history: the same work on RTX 4090 in 3 earlier jobs, newest lora #9", given.Words);
    }

    [Fact]
    public void A_job_that_ended_teaches_its_steps_times_its_pace_and_without_steps_what_was_kept()
    {
        var ended = Job("RTX 4090", "RTX 4090");
        var bySteps = WorkMeasured.Of(ended, [Pace(1, 900, 1800, step: 1000), Pace(2, 900, 1800, step: 2000)], null, _start)!;
        Assert.Equal((TimeSpan.FromSeconds(4000), 2000L, 2d), (bySteps.Work, bySteps.TotalSteps!.Value, bySteps.SecondsPerStep!.Value));

        Assert.Equal(TimeSpan.FromHours(1), WorkMeasured.Of(Job("RTX 4090", "RTX 4090"), [], null, _start)!.Work);
        Assert.Null(WorkMeasured.Of(Job("RTX 4090", "RTX 3090"), [], null, _start));
        Assert.Null(WorkMeasured.Of(new JobState(), [], null, _start));
    }

    [Fact]
    public void Jobs_that_ran_in_two_places_compare_cards_and_hosts()
    {
        var seen = AttemptPace.Compare([At(1, "a", "RTX 4090", 1), At(1, "b", "RTX 3090", 2), At(2, "c", "RTX 4090", 100)]);
        Assert.Equal([("a", "RTX 3090", 2d), ("b", "RTX 4090", 0.5)], seen.Select(one => (one.Place.Host!, one.AgainstGpu, Math.Round(one.Ratio, 9))).Order());

        // One host is the usual one of its kind by itself; of two each is measured against both.
        var alike = AttemptPace.Compare([At(1, "a", "RTX 4090", 1), At(1, "b", "RTX 4090", 4)]);
        Assert.Equal([("a", 2d), ("b", 0.5)], alike.Select(one => (one.Place.Host!, Math.Round(one.Ratio, 9))).Order());
        Assert.Empty(AttemptPace.Compare([At(1, "a", "RTX 4090", 1), At(1, "a", "RTX 4090", 4)]));
    }

    [Fact]
    public void Usual_scores_are_medians_per_provider_and_card_of_what_can_be()
    {
        var offers = new[] { 10, 200, 30, double.NaN, -4 }.Select((score, i) => Market.Offer("o" + i, 0.4) with { GpuCount = 2, Performance = score })
            .Append(Market.Offer("x", 0.4) with { Performance = null }).Append(Market.Offer("y", 0.4) with { Provider = "other", Performance = 7 });

        Assert.Equal([new UsualScore("other", "RTX 4090", 7), new UsualScore("vast", "RTX 4090", 15)], UsualScore.Of(offers).AsEnumerable());
    }

    private static (WorkSource, TimeSpan) Said(WorkGiven? given) => (given!.Source, given.Time);

    private static PaceSeen Pace(int attempt, double steps, double seconds, long step = 100, long? total = null) => new(attempt, steps, seconds, step, total);

    private static WorkMeasured Earlier(WorkSource source, double hours, string name = "job #1") =>
        new() { Source = source, Name = name, At = _start, Gpu = "RTX 4090", GpuCount = 1, Work = TimeSpan.FromHours(hours) };

    private static AttemptPace At(long job, string host, string gpu, double pace) => new(job, Place.Of(Market.Offer(host, 0.4, gpu) with { Host = host }), 1, _start, pace);

    private static CheckpointRef Checkpoint(int attempt, long? step) =>
        new() { Attempt = attempt, Ordinal = 1, ManifestKey = "k", Entry = "e", Step = step, Bytes = 1, ReportedAt = _start + TimeSpan.FromMinutes(30) };

    /// <summary>Attempts of an hour each, one after the other, none of which restored anything.</summary>
    private static JobState Job(params string[] cards) => new()
    {
        Id = new JobId(5),
        Name = "job",
        Attempts =
        [
            .. cards.Select((gpu, i) => new Attempt
            {
                Number = i + 1,
                Phase = AttemptPhase.Ended,
                PhaseSince = _start,
                PlannedAt = _start,
                Label = "l",
                Offer = new OfferTaken { Provider = "vast", OfferId = gpu, Capacity = CapacityType.OnDemand, HostKind = HostKind.Container, PricePerHour = Money.FromDollars(1), Gpu = gpu, GpuCount = 1 },
                TrainingStartedAt = _start,
                TrainingEndedAt = _start + TimeSpan.FromHours(1),
            }),
        ],
    };
}
