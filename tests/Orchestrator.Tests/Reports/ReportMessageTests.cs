using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Engine.Messages;
using Orchestrator.Engine.Reports;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Reports;

public sealed class ReportMessageTests
{
    [Fact]
    public void A_weekend_is_told_in_a_few_lines()
    {
        var batch = new BatchPart(9, "sweep", 1, "lr=3e-4", Money.FromDollars(60));
        var facts = Weekend.Facts with
        {
            Instances = [Weekend.Instance(1, 1, 1, 3, 1.4m, lost: 0.1m), Weekend.Instance(1, 2, 3, 3.1, 0.04m, neverBooted: true), Weekend.Instance(2, 1, 1, 3, 0.5m, provider: "runpod")],
            Jobs =
            [
                Weekend.Job(1, JobPhase.Succeeded, "", Weekend.Trained(1, 1, 3, EndReason.InstanceGone), Weekend.Trained(3, 3.5, 9)) with
                {
                    Batch = batch, Metrics = ImmutableSortedDictionary<string, double>.Empty.Add("eval_loss", 0.27114), Saved = ImmutableDictionary<int, SavedFact>.Empty.Add(1, new(3, Weekend.Friday.AddHours(2.9))),
                },
                Weekend.Job(2, JobPhase.Failed, "exit 1\u202e\nand a second line"), Weekend.Job(3, JobPhase.Paused, "paused by ada"),
            ],
            Batches = [new(9, "sweep", Money.FromDollars(60), 1)],
            Bans = [new() { Host = "vast/58761", By = "orchestrator", At = Weekend.Friday.AddHours(4) }, new() { Host = "vast/1", By = "ada", At = Weekend.Friday.AddDays(-3) }],
            Places = [new("runpod", Weekend.Monday.AddMinutes(-2), 0, 0, 0), new("vast", Weekend.Monday.AddMinutes(-1), 1, 0, 0)],
            OnDemand = [.. Enumerable.Range(0, 4).Select(hour => Weekend.Price(hour, 0.8m))],
        };

        var told = ReportMessage.Of("report 2026-W48", Report.Of(facts), TimeZoneInfo.Utc)!;

        Assert.Equal(("report 2026-W48", NotifyTopics.Report, "the weekend: 1 done, 1 failed, $1.94 spent"), (told.Key, told.Topic, told.Title));
        Assert.Equal(
            """
            1 done · 1 failed · 1 paused
            $1.94 of $10.00 · on demand only: $1.60 instead of $1.40 (simulated, 2 unknown)
            1 interruption: 6m00s of training lost, 30m00s until it went on
            $0.04 on hosts that never booted: vast 1 of 2
            sweep: 1 of 1 done · $1.44 · least eval_loss 0.27114 (lr=3e-4)
            failed: job-2#2: exit 1  and a second line
            banned: vast/58761
            1 instance left, checked at runpod Mon 08:58, vast Mon 08:59
            - job-2#2 failed (exit 1  and a second line): orchestrator logs 2; once mended: orchestrator retry 2
            orchestrator report weekend
            """,
            told.Text);
    }

    [Fact]
    public void A_weekend_in_which_nothing_ran_is_told_to_nobody() => Assert.Null(ReportMessage.Of("report 2026-W48", Report.Of(Weekend.Facts), TimeZoneInfo.Utc));
}
