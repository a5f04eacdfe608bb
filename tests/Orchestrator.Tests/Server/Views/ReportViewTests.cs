using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Engine.Reports;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;
using Orchestrator.Tests.Reports;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class ReportViewTests
{
    [Fact]
    public void Every_question_of_a_Monday_has_its_line()
    {
        var batch = new BatchPart(9, "sweep", 1, "lr=3e-4", null);
        var facts = Weekend.Facts with
        {
            Instances = [Weekend.Instance(1, 1, 1, 3, 1.4m, lost: 0.1m), Weekend.Instance(1, 2, 3, 3.1, 0.04m, neverBooted: true)],
            Jobs =
            [
                Weekend.Job(1, JobPhase.Succeeded, "", Weekend.Trained(1, 1, 3, EndReason.InstanceGone), Weekend.Trained(3, 3.5, 9)) with { Batch = batch, Metrics = ImmutableSortedDictionary<string, double>.Empty.Add("loss", 0.2711) },
                Weekend.Job(2, JobPhase.Failed, "exit 1 \e[31m"),
            ],
            Batches = [new(9, "sweep", null, 1)],
            Bans = [new() { Host = "vast/58761", By = "orchestrator", Reason = "never ready", At = Weekend.Friday.AddHours(4), Until = Weekend.Monday.AddDays(1) }],
            Places = [new("vast", Weekend.Monday.AddMinutes(-1), 0, 0, 1), new("local", null, 1, 0, 0)],
            Alerts = 1,
        };

        Assert.Equal(
            """
            weekend     Fri 20 Nov 18:00 to Mon 23 Nov 09:00 (UTC)
            jobs        1 done · 1 failed · 0 waiting
            spent       $1.44 of $5.00 allowed: compute 1.30, lost work 0.10, never booted 0.04 · vast 1.44
            on demand   unknown: no on-demand price was seen for the cards and hours of any of 2 instances
            interrupted 1 time: 2h00m of training lost, 30m00s until it went on
            wasted      $0.04 on hosts that never booted: vast 1 of 2
            batch       sweep: 1 of 1 done · $1.44 · best: least loss 0.2711 by job-1#1 (lr=3e-4)
            failed      job-2#2: exit 1 �[31m
            banned      vast/58761 until Tue 09:00, by orchestrator: never ready
            left        2 instances (1 that jobs work on, 1 THAT NO JOB OWNS), checked at vast 08:59, by our books alone at local · 1 alert waits for you:
                        orchestrator alerts
            to change   - 1 instance is to be gone and not confirmed: orchestrator alerts says which, destroy what stays at its provider
                        - job-2#2 failed (exit 1 [31m): orchestrator logs 2; once mended: orchestrator retry 2
                        - sweep lost 2h00m of training in 1 interruption and never stored a checkpoint: let its trainer save oftener
            """,
            string.Join('\n', ReportView.Lines(ReportReplies.Make(Report.Of(facts)), 150, new Paint(false), Weekend.Monday, TimeZoneInfo.Utc)));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    public void No_line_is_longer_than_the_screen(int width) => Assert.All(
        ReportView.Lines(ReportReplies.Make(Report.Of(Weekend.Facts with { Jobs = [Weekend.Job(2, JobPhase.Failed, new string('x', 300))] })), width, new Paint(false), Weekend.Monday, TimeZoneInfo.Utc),
        line => Assert.True(line.Length < width, line));
}
