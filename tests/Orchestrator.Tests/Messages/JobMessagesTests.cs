using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Engine.Messages;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Messages;

public sealed class JobMessagesTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 28, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_success_is_told_with_what_it_took()
    {
        var told = Of(new JobEnded(JobPhase.Succeeded) { At = _now, Why = "the trainer ended with exit code 0" })!;

        Assert.Equal(("job 12 event 40", NotifyTopics.Finish, "run #12 is done", new JobId(12)), (told.Key, told.Topic, told.Title, told.Job));
        Assert.Equal("step 1,200 of 4,800 · loss 0.0911 · trained 2h00m · $0.60 of $5.00 · 2 interruptions\nsaved: step 1,200, 1m02s ago", told.Text);
    }

    [Fact]
    public void A_failure_is_told_with_the_end_of_its_log_and_no_escape_sequence_of_it()
    {
        var log = "first\n" + string.Concat(Enumerable.Range(1, 20).Select(line => $"line {line}\r\n")) + "\e[31mCUDA\e[0m out of\u202e memory\n 10%|#\r 20%|##\n\n";
        var told = Of(new JobEnded(JobPhase.Failed) { At = _now, Why = "the trainer ended with exit code 1" }, log: log)!;

        Assert.Equal((NotifyTopics.Fail, "run #12 failed"), (told.Topic, told.Title));
        var lines = told.Text.Split('\n');
        Assert.Equal("the trainer ended with exit code 1", lines[0]);
        Assert.Equal(["line 19", "line 20", "CUDA out of  memory", "20%|##", "whole log: orchestrator logs 12"], lines[^5..]);
        Assert.Equal(1 + 2 + JobMessages.LogLines + 1, lines.Length);
    }

    [Fact]
    public void Who_paused_it_is_not_told_so()
    {
        Assert.Null(Of(Paused("paused by ada"), EndReason.Paused));
        // While it waited: its newest attempt ended for another reason.
        Assert.Null(Of(Paused("paused by ada"), EndReason.InstanceGone));
        Assert.Equal(NotifyTopics.Budget, Of(Paused("the budget does not allow another attempt: $4.90 of $5.00"), EndReason.InstanceGone)!.Topic);
        Assert.Equal((NotifyTopics.Budget, "run #12 is paused: its budget is spent"), Head(Of(Paused("paused by orchestrator, for its budget of $5.00 is spent: $5.10"), EndReason.Paused)));
        Assert.Equal((NotifyTopics.Budget, "run #12 is paused: its budget is spent"), Head(Of(Paused("the budget is spent: $5.00 of $5.00"), EndReason.BudgetExhausted)));
        Assert.Equal((NotifyTopics.Stuck, "run #12 is paused and waits for you"), Head(Of(Paused("five hosts in vain"), EndReason.NeverConnected)));
    }

    [Fact]
    public void A_kept_host_is_told_with_the_way_to_it_and_the_end_of_that_is_not_told_again()
    {
        var failed = Job(EndReason.TrainerFailed);
        failed = failed with { State = failed.State with { Verdict = new JobVerdict(JobPhase.Failed, "the trainer ended with exit code 1: KeyError"), Attempts = [failed.State.Attempts[0] with { Held = new HeldHost(_now, _now.AddMinutes(30)) }] } };
        var held = JobMessages.Of(new JobNews(new(12), 40, _now, new HostHeld(1, _now.AddMinutes(30)) { At = _now, Why = "the host is kept until 03:30 UTC: orchestrator ssh 12" }), failed, null, "KeyError: 'x'\n")!;

        Assert.Equal((NotifyTopics.Fail, "run #12 failed, and its host is kept for you"), Head(held));
        Assert.StartsWith("the trainer ended with exit code 1: KeyError\nthe host is kept until 03:30 UTC: orchestrator ssh 12\n", held.Text, StringComparison.Ordinal);
        Assert.Null(JobMessages.Of(new JobNews(new(12), 44, _now, new JobEnded(JobPhase.Failed) { At = _now, Why = "x" }), failed, null, ""));
    }

    [Fact]
    public void A_trainer_that_hung_is_told_with_where_it_stood()
    {
        var job = Job(EndReason.Stalled);
        job = job with { State = job.State with { Attempts = [job.State.Attempts[0] with { Stacks = "Thread 1 (idle)\n    wait (queue.py:171)" }] } };
        var told = JobMessages.Of(new JobNews(new(12), 40, _now, new AttemptEnded(1, EndReason.Stalled, Money.Zero, true) { At = _now, Why = "no progress for 30 min" }), job, null, "last words")!;

        Assert.EndsWith("\nwhere it stood:\nThread 1 (idle)\nwait (queue.py:171)", told.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("last words", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_person_ended_is_told_to_nobody() => Assert.Null(Of(new JobEnded(JobPhase.Cancelled) { At = _now, Why = "cancelled by ada" }));

    [Fact]
    public void The_first_training_is_told_with_its_place()
    {
        var told = Of(new TrainingStarted(1) { At = _now, Why = "the trainer runs" })!;

        Assert.Equal((NotifyTopics.Start, "run #12 trains"), Head(told));
        Assert.StartsWith("on vast 4090 at $0.30/h\n", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interruption_is_told_with_what_it_waits_for()
    {
        var told = JobMessages.Of(new JobAway(new(12), 3, _now.AddMinutes(-16), "outbid"), Job(EndReason.InstanceGone), new NotifySpec { To = ["phone"] });

        Assert.Equal(("job 12 away 3", NotifyTopics.Interrupted, "run #12 was interrupted 16m00s ago and is not back"), (told.Key, told.Topic, told.Title));
        Assert.StartsWith("outbid\nnow: no offer fits\n", told.Text, StringComparison.Ordinal);
        Assert.Equal<string>(["phone"], told.Notify!.To);
    }

    [Theory]
    [InlineData("budget-80", "#12", NotifyTopics.Budget, 12, false)]
    [InlineData("deadline", "#7", NotifyTopics.Deadline, 7, false)]
    [InlineData("checkpoint-age", "#7", NotifyTopics.CheckpointAge, 7, false)]
    [InlineData("balance", "vast", NotifyTopics.Balance, null, false)]
    [InlineData("leaked", "vast 1", NotifyTopics.Attention, null, true)]
    [InlineData("channel", "phone", NotifyTopics.Attention, null, false)]
    public void An_alert_is_of_its_topic_and_its_job(string kind, string subject, string topic, int? job, bool urgent)
    {
        var alert = new AlertNews { Id = 3, Kind = kind, Subject = subject, Text = "vast: the balance of $1 lasts 2 h; top it up" };
        var about = AlertMessages.JobOf(alert);
        var told = AlertMessages.Of(alert, about, null);

        Assert.Equal(job, (int?)about?.Value);
        Assert.Equal(("alert 3", topic, "vast: the balance of $1 lasts 2 h", alert.Text, urgent), (told.Key, told.Topic, told.Title, told.Text, told.IsUrgent));
        Assert.Equal(kind == "channel" ? "phone" : null, told.NotBy);
    }

    [Fact]
    public void The_jobs_of_a_batch_are_told_of_as_one()
    {
        var job = Job(EndReason.None);
        job = job with { Job = job.Job with { Batch = new BatchPart(4, "sweep", 3, "lr=3e-3,wd=0.3", Money.FromDollars(60)) } };
        var failed = JobMessages.Of(new(new(12), 40, _now, new JobEnded(JobPhase.Failed) { At = _now, Why = "exit 1" }), job, null, "")!;

        var told = BatchMessages.Of(failed, job)!;
        Assert.Equal(("batch 4 fail 2026-11-28", NotifyTopics.Fail, "run #12 failed"), (told.Key, told.Topic, told.Title));
        Assert.Equal(
            "lr=3e-3,wd=0.3\nexit 1\nstep 1,200 of 4,800 · loss 0.0911 · trained 2h00m · $0.60 · 2 interruptions\nsaved: step 1,200, 1m02s ago\nwhole log: orchestrator logs 12\nwhole batch: orchestrator batch sweep", told.Text);
        Assert.Null(BatchMessages.Of(failed with { Topic = NotifyTopics.Finish }, job));
        Assert.Equal("batch 4 stuck 2026-11-28", BatchMessages.Of(failed with { Topic = NotifyTopics.Stuck }, job)!.Key);
        // Its siblings wait for the same.
        Assert.Contains("to go on: orchestrator batch sweep --resume", JobMessages.Of(new(new(12), 41, _now, Paused("five hosts in vain")), job, null, "")!.Text, StringComparison.Ordinal);

        var best = job.Job with { Phase = JobPhase.Succeeded };
        var worse = best with { Id = 11, Name = "sweep-2", Progress = best.Progress! with { Metrics = best.Progress.Metrics.SetItem("loss", 0.2) } };
        var ended = BatchMessages.Ended(4, [worse, best, best with { Id = 13, Phase = JobPhase.Failed, Reason = "exit 1" }], null);
        Assert.Equal(("batch 4 ended", NotifyTopics.Fail, "sweep has ended: 2 of 3 done"), (ended.Key, ended.Topic, ended.Title));
        Assert.Equal(
            "2 done, 1 failed · $1.80 of $60.00\nleast loss: 0.0911 by run (lr=3e-3,wd=0.3)\nfailed: run (lr=3e-3,wd=0.3): exit 1\norchestrator batch sweep", ended.Text);
        Assert.Equal(NotifyTopics.Finish, BatchMessages.Ended(4, [best], null).Topic);
        var retried = BatchMessages.Ended(4, [worse with { Phase = JobPhase.Failed }, best with { RetryOf = worse.Id }], null);
        Assert.Equal(("batch 4 ended again 1", NotifyTopics.Finish), (retried.Key, retried.Topic));
        Assert.Contains("1 of 1 done", retried.Title, StringComparison.Ordinal);
    }

    private static (string Topic, string Title) Head(NewMessage? told) => (told!.Topic, told.Title);

    private static JobPhaseChanged Paused(string why) => new(JobPhase.Paused, null) { At = _now, Why = why };

    private static NewMessage? Of(JobEvent happened, EndReason last = EndReason.None, string log = "") => JobMessages.Of(new(new(12), 40, _now, happened), Job(last), null, log);

    private static JobDetail Job(EndReason last)
    {
        var offer = new OfferTaken { Provider = "vast", OfferId = "4090", Capacity = CapacityType.OnDemand, HostKind = HostKind.Container, PricePerHour = Money.FromDollars(0.3m) };
        var attempt = new Attempt { Number = 1, Phase = AttemptPhase.Ended, PhaseSince = _now, PlannedAt = _now, Offer = offer, Label = "orc-e-12-1", Reason = last, TrainingStartedAt = _now.AddHours(-2), TrainingEndedAt = _now };
        return new JobDetail
        {
            Job = new JobSummary
            {
                Id = 12, Name = "run", Owner = "ada", Labels = ImmutableSortedDictionary<string, string>.Empty, Phase = JobPhase.Waiting, Reason = "no offer fits", PhaseSince = _now, SubmittedAt = _now, Attempt = 1,
                PricePerHour = Money.Zero, Cost = Money.FromDollars(0.6m), MaxTotal = Money.FromDollars(5), Interruptions = 2,
                Progress = new ProgressView { Step = 1200, TotalSteps = 4800, Metrics = ImmutableSortedDictionary<string, double>.Empty.Add("loss", 0.0911) },
                LastCheckpoint = new CheckpointView { Step = 1200, Entry = "step-1200", VerifiedAt = _now.AddSeconds(-62) },
            },
            State = new JobState { Id = new(12), Name = "run", Attempts = [attempt] },
            Now = _now, SpecYaml = "", SpecJson = "{}", Attempts = [], Checkpoints = [],
        };
    }
}
