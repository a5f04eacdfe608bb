using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Orchestrator.Rehearsals;
using Xunit;

namespace Orchestrator.Tests.Rehearsals;

/// <summary>One step takes a second, a checkpoint comes every 200 steps.</summary>
public sealed class RehearsalCourseTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 20, 18, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nothing_is_killed_before_two_checkpoints_are_durable()
    {
        var state = First(200);

        Assert.Equal(RehearsalMove.Wait, Next(new RehearsalRecord().Hear(Points(1, 10, 300), state), state));
    }

    [Fact]
    public void Two_durable_checkpoints_and_the_running_instance_is_killed()
    {
        var state = First(200, 400);

        var move = Next(new RehearsalRecord().Hear(Points(1, 10, 480), state), state);

        Assert.Equal(new RehearsalKill(1, "vast", "i-1", 480, _start.AddHours(1)), move.Kill);
        Assert.Null(move.End);
    }

    [Fact]
    public void A_kill_is_repeated_until_the_job_has_seen_it()
    {
        var state = First(200, 400);
        var record = Killed(state);

        Assert.Equal(record.Kill, Next(record, state).Kill);
        Assert.Equal(RehearsalMove.Wait, Next(record, state with { Attempts = [Lost(state)] }));
    }

    [Fact]
    public void A_job_that_is_not_running_just_now_is_not_killed()
    {
        var state = First(200, 400);
        state = state with { Attempts = [state.Attempts[0] with { Phase = AttemptPhase.Draining, Reason = EndReason.HostLeaves }] };

        Assert.Equal(RehearsalMove.Wait, Next(new RehearsalRecord().Hear([], state), state));
    }

    [Fact]
    public void Steps_and_loss_that_go_on_from_the_checkpoint_are_weekend_ready()
    {
        var (record, state) = Resumed(Points(2, 401, 431, from: 400));

        var end = Next(record, state).End!;

        Assert.Equal(RehearsalOutcome.WeekendReady, end.Outcome);
        Assert.Equal(2, end.Resumed);
        Assert.True(end.Loss!.Continues);
        Assert.StartsWith("loss curve continues (", end.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_report_is_not_enough()
    {
        var (record, state) = Resumed(Points(2, 401, 401, from: 400));

        Assert.Equal(RehearsalMove.Wait, Next(record, state));
    }

    [Fact]
    public void A_loss_that_is_no_number_after_the_kill_is_no_curve_that_goes_on()
    {
        var (record, state) = Resumed([.. Points(2, 401, 431, from: 400).Select(point => point with { Loss = null })]);
        record = record with { Saves = [.. record.Saves, new RehearsalSave(2, 3, 600, 1000, _start.AddMinutes(40), null)] };

        var end = Next(record, state).End!;

        Assert.Equal(RehearsalOutcome.LossJumps, end.Outcome);
        Assert.Contains("none is reported that is a number", end.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trainer_that_begins_at_the_start_is_told_what_to_read()
    {
        var (record, state) = Resumed(Points(2, 1, 31, from: 0));

        var end = Next(record, state).End!;

        Assert.Equal(RehearsalOutcome.StartedAnew, end.Outcome);
        Assert.Contains("reports step 1", end.Words, StringComparison.Ordinal);
        Assert.Contains("ORCHESTRATOR_RESUME_FROM", end.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_was_first_heard_beyond_the_checkpoint_after_so_long_may_have_begun_anew_and_its_next_checkpoint_tells()
    {
        // First heard 500 s after its start, at a step a second: 510 may be 400 + 110 as well as 510.
        var heard = Points(2, 510, 550, from: 0);
        var (record, state) = Resumed(heard);
        Assert.Equal(RehearsalMove.Wait, Next(record, state));

        var anew = Saved(state, 2, 1, 200);
        Assert.Equal(RehearsalOutcome.StartedAnew, Next(record.Hear([], anew), anew).End!.Outcome);

        var on = Saved(state, 2, 1, 600);
        Assert.Equal(RehearsalOutcome.WeekendReady, Next(record.Hear([], on), on).End!.Outcome);
    }

    [Fact]
    public void A_bar_of_a_check_before_the_training_is_no_beginning()
    {
        List<RehearsalPoint> check = [.. Enumerable.Range(1, 3).Select(step => new RehearsalPoint(2, step, 3, null, _start.AddHours(1).AddSeconds(step)))];
        var (record, state) = Resumed(check);

        Assert.Equal(RehearsalMove.Wait, Next(record, state));
    }

    [Fact]
    public void A_loss_that_jumps_is_named_with_both_figures()
    {
        var (record, state) = Resumed([.. Points(2, 401, 431, from: 400).Select(point => point with { Loss = 9 })]);

        var end = Next(record, state).End!;

        Assert.Equal(RehearsalOutcome.LossJumps, end.Outcome);
        Assert.Equal(9, end.Loss!.After);
        Assert.Contains("9 after it", end.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_loss_the_steps_alone_are_judged_and_that_is_said()
    {
        var (record, state) = Resumed([.. Points(2, 401, 431, from: 400).Select(point => point with { Loss = null })]);
        record = record with { Points = [.. record.Points.Select(point => point with { Loss = null })] };

        var end = Next(record, state).End!;

        Assert.Equal(RehearsalOutcome.WeekendReady, end.Outcome);
        Assert.Contains("no loss", end.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_reports_nothing_has_proven_nothing_and_is_told_so_at_its_next_checkpoint()
    {
        var (record, state) = Resumed([]);
        record = record with { Points = [] };
        Assert.Equal(RehearsalMove.Wait, Next(record, state));

        state = Saved(state, 2, 1, null);
        Assert.Equal(RehearsalOutcome.NoProgress, Next(record.Hear([], state), state).End!.Outcome);
    }

    [Theory]
    [InlineData(JobPhase.Succeeded, EndReason.Succeeded, RehearsalOutcome.TooShort)]
    [InlineData(JobPhase.Failed, EndReason.TrainerFailed, RehearsalOutcome.TrainerFailed)]
    [InlineData(JobPhase.Failed, EndReason.BudgetExhausted, RehearsalOutcome.MoneySpent)]
    [InlineData(JobPhase.Cancelled, EndReason.Cancelled, RehearsalOutcome.Stopped)]
    [InlineData(JobPhase.Paused, EndReason.SecretMissing, RehearsalOutcome.Failed)]
    public void A_job_that_ends_by_itself_says_why(JobPhase phase, EndReason reason, RehearsalOutcome outcome)
    {
        var state = First(200);
        state = state with { Phase = phase, PhaseReason = "so it is", Attempts = [state.Attempts[0] with { Phase = AttemptPhase.Ended, Reason = reason, Why = "it ended" }] };

        Assert.Equal(outcome, Next(new RehearsalRecord().Hear([], state), state).End!.Outcome);
    }

    [Fact]
    public void Money_that_ends_too_early_names_an_amount_that_is_more()
    {
        var state = First(200);
        state = state with
        {
            Verdict = new(JobPhase.Failed, "the budget is spent"),
            Attempts = [state.Attempts[0] with { Phase = AttemptPhase.Terminating, Reason = EndReason.BudgetExhausted, TrainingEndedAt = _start.AddMinutes(10) }],
        };

        var end = Next(new RehearsalRecord().Hear([], state), state).End!;

        Assert.Contains("after 1 of 2 durable checkpoints", end.Words, StringComparison.Ordinal);
        Assert.Contains("--max 0.30", end.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_rent_within_minutes_ends_it_before_and_after_the_kill()
    {
        var waiting = First() with { Phase = JobPhase.Waiting, PhaseReason = "no offer fits", PhaseSince = _start, Attempts = [] };
        Assert.Equal(RehearsalMove.Wait, RehearsalCourse.Next(new RehearsalRecord(), waiting, _start.AddMinutes(4)));
        Assert.Contains("no offer fits", RehearsalCourse.Next(new RehearsalRecord(), waiting, _start.AddMinutes(6)).End!.Words, StringComparison.Ordinal);

        var state = First(200, 400);
        var lost = state with { Phase = JobPhase.Waiting, PhaseReason = "no offer fits", PhaseSince = _start, Attempts = [Lost(state)] };
        Assert.Contains("after the kill", RehearsalCourse.Next(Killed(state), lost, _start.AddMinutes(6)).End!.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void What_ended_is_not_judged_again()
    {
        var state = First(200, 400);

        Assert.Equal(RehearsalMove.Wait, Next(new RehearsalRecord { End = new(RehearsalOutcome.Stopped, "", "") }.Hear([], state), state));
    }

    [Fact]
    public void A_record_keeps_the_end_before_the_kill_and_the_beginning_after_it()
    {
        var (record, state) = Resumed([]);
        record = record.Hear(Points(1, 1000, 9000), state).Hear(Points(2, 401, 9000, from: 400), state);

        Assert.InRange(record.Points.Length, 300, 400);
        Assert.Equal(401, record.Points.First(point => point.Attempt == 2).Step);
        Assert.Contains(record.Points, point => point is { Attempt: 1, Step: > 8900 });
        Assert.Same(record, record.Hear(record.Points, state));
    }

    [Fact]
    public void The_figures_are_those_of_the_attempt_that_was_killed()
    {
        var (record, state) = Resumed(Points(2, 401, 431, from: 400));

        var figures = RehearsalFigures.Of(record, state, _start.AddSeconds(-30), null)!;

        Assert.Equal(1, figures.SecondsPerStep!.Value, 6);
        Assert.Equal(0, figures.SecondsPerStepError!.Value, 6);
        Assert.Equal((200, TimeSpan.FromSeconds(200)), (figures.SavesEverySteps, figures.SavesEvery));
        Assert.Equal(TimeSpan.FromSeconds(4), figures.Upload);
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(30)), (figures.Boot, figures.Stage));
        Assert.Equal((4800, TimeSpan.FromSeconds(4800)), (figures.TotalSteps, figures.Work));
        var work = figures.ToWork("r-31", _start)!;
        Assert.Equal(("r-31", TimeSpan.FromSeconds(4800), "RTX 4090"), (work.Name, work.Work, work.Gpu));
    }

    private static RehearsalMove Next(RehearsalRecord record, JobState state) => RehearsalCourse.Next(record, state, _start.AddHours(1));

    private static List<RehearsalPoint> Points(int attempt, long first, long last, long from = 0) =>
    [
        .. Enumerable.Range(0, (int)((last - first) / 10) + 1).Select(i => first + (i * 10))
            .Select(step => new RehearsalPoint(attempt, step, 4800, 1.0 / (1 + (step / 1000.0)), (attempt == 1 ? _start : _start.AddMinutes(30)).AddSeconds(step - from))),
    ];

    private static JobState First(params int[] saved) => new()
    {
        Id = new JobId(31),
        Name = "rehearsal-of-lora",
        Phase = JobPhase.Active,
        Terms = new() { MaxTotal = Money.FromDollars(0.20m), HasCheckpoints = true },
        Attempts =
        [
            Attempt(1) with { TrainingStartedAt = _start },
        ],
        Checkpoints = [.. saved.Select((step, i) => Checkpoint(1, i + 1, step))],
    };

    private static Attempt Attempt(int number) => new()
    {
        Number = number,
        Phase = AttemptPhase.Running,
        PhaseSince = _start,
        PlannedAt = _start.AddMinutes(-2),
        LaunchSentAt = _start.AddMinutes(-2),
        BilledFrom = _start.AddMinutes(-2),
        InstanceId = $"i-{number}",
        Label = $"orc-abcdefgh-31-{number}",
        Offer = new OfferTaken
        {
            Provider = "vast", OfferId = $"{number}", Host = $"vast {number}", Capacity = CapacityType.OnDemand, HostKind = HostKind.Container, PricePerHour = Money.FromDollars(0.5m), Gpu = "RTX 4090", GpuCount = 1,
        },
    };

    private static CheckpointRef Checkpoint(int attempt, int ordinal, int? step) => new()
    {
        Attempt = attempt, Ordinal = ordinal, ManifestKey = $"m-{attempt}-{ordinal}", Entry = $"step-{step}", Step = step, Bytes = 130_000_000,
        ReportedAt = _start.AddSeconds((step ?? 0) + 4), Upload = TimeSpan.FromSeconds(4),
    };

    private static Attempt Lost(JobState state) => state.Attempts[0] with { Phase = AttemptPhase.Ended, Reason = EndReason.InstanceGone };

    private static RehearsalRecord Killed(JobState state) => new RehearsalRecord { Kill = new(1, "vast", "i-1", 480, _start.AddSeconds(481)) }.Hear(Points(1, 10, 480), state);

    private static (RehearsalRecord Record, JobState State) Resumed(List<RehearsalPoint> points)
    {
        var state = First(200, 400);
        var record = Killed(state);
        state = state with { Attempts = [Lost(state), Attempt(2) with { TrainingStartedAt = _start.AddMinutes(30), RestoreFrom = state.Checkpoints[1], RestoreDecided = true }] };
        return (record.Hear(points, state), state);
    }

    private static JobState Saved(JobState state, int attempt, int ordinal, int? step) => state with { Checkpoints = state.Checkpoints.Add(Checkpoint(attempt, ordinal, step)) };
}
