using Orchestrator.Attempts;
using Orchestrator.Engine.Reports;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Reports;

public sealed class DataHostTests
{
    private static readonly DateTimeOffset _now = Weekend.Friday;

    [Fact]
    public void A_host_held_the_data_from_staging_until_it_was_wiped_and_each_word_is_told()
    {
        var (state, history) = Run(
            new PhaseEntered(1, AttemptPhase.Staging) { At = _now, Why = "pre-flight passed" }, new AttemptEnding(1, EndReason.Succeeded, null) { At = _now.AddHours(2), Why = "done" },
            new AttemptCleaned(1, Wiped: true) { At = _now.AddHours(3), Why = "the host is wiped" }, new PhaseEntered(1, AttemptPhase.Terminating) { At = _now.AddHours(3), Why = "away" },
            new DestroyAccepted(1) { At = _now.AddHours(4), Why = "the provider accepted the destroy" }, new AttemptEnded(1, EndReason.Succeeded, Money.Zero, false) { At = _now.AddHours(5), Why = "destroyed" });

        var host = Assert.Single(DataHost.Of(state, [.. history]));

        Assert.Equal(("vast", "vast/7", "PL", false, _now, (DateTimeOffset?)_now.AddHours(3), (bool?)true), (host.Provider, host.Host, host.Country, host.IsOwn, host.From, host.Until, host.Wiped));
        Assert.Equal(["data was sent there: pre-flight passed", "its agent: the host is wiped", "the provider accepted the destroy", "destroyed"], host.Known.Select(word => word.Text));
    }

    [Fact]
    public void One_that_was_lost_is_not_called_wiped_and_one_that_got_nothing_is_left_out()
    {
        var (state, history) = Run(
            new PhaseEntered(1, AttemptPhase.Staging) { At = _now, Why = "pre-flight passed" }, new AttemptEnding(1, EndReason.InstanceGone, null) { At = _now.AddHours(2), Why = "outbid" },
            new PhaseEntered(1, AttemptPhase.Terminating) { At = _now.AddHours(2), Why = "away" }, new DestroyAccepted(1) { At = _now.AddHours(2), Why = "the provider does not know the instance any more" });
        var host = Assert.Single(DataHost.Of(state, [.. history]));
        Assert.Equal(((DateTimeOffset?)_now.AddHours(2), (bool?)null), (host.Until, host.Wiped));

        var (lives, soFar) = Run(new PhaseEntered(1, AttemptPhase.Staging) { At = _now, Why = "pre-flight passed" });
        Assert.Null(Assert.Single(DataHost.Of(lives, [.. soFar])).Until);

        var (never, nothing) = Run(new AttemptEnding(1, EndReason.NeverBooted, null) { At = _now.AddHours(1), Why = "boot deadline" });
        Assert.Empty(DataHost.Of(never, [.. nothing]));
    }

    /// <summary>What stays for the next job is not called wiped, and is that one's from the moment at which it takes the host.</summary>
    [Fact]
    public void A_host_that_passes_from_job_to_job_holds_the_data_of_both()
    {
        var (giver, given) = Run(
            new PhaseEntered(1, AttemptPhase.Staging) { At = _now, Why = "pre-flight passed" }, new AttemptEnding(1, EndReason.Succeeded, null) { At = _now.AddHours(1), Why = "done" },
            new PhaseEntered(1, AttemptPhase.Passing) { At = _now.AddHours(1), Why = "stored" }, new HostOffered(1) { At = _now.AddHours(1), Why = "wiped" },
            new HostPassed(1, new HostHeir(new JobId(8), 1)) { At = _now.AddHours(2), Why = "instance i-1 is job #8's from here on" },
            new AttemptEnded(1, EndReason.Succeeded, Money.Zero, false) { At = _now.AddHours(2), Why = "its host passed to job #8" });
        var host = Assert.Single(DataHost.Of(giver, [.. given]));
        Assert.Equal(((DateTimeOffset?)_now.AddHours(2), (bool?)null), (host.Until, host.Wiped));
        Assert.Contains(host.Known, word => word.Text.Contains("pinned data stayed for job #8", StringComparison.Ordinal));

        var warm = new WarmHost { Job = new JobId(7), Attempt = 1, InstanceId = "i-1", Label = "orc-e-7-1", Owners = 1, BilledFrom = _now, CreatedAt = _now };
        List<JobEvent> history =
        [
            new JobSubmitted(new JobId(8), "e1", "next", new JobTerms()) { At = _now, Why = "submitted" }, new AttemptPlanned(1, Weekend.Offer, "orc-e-8-1") { At = _now.AddHours(2), Why = "planned" },
            new HostTaken(1, warm) { At = _now.AddHours(2), Why = "instance i-1 passes over from job #7" },
        ];
        var next = Assert.Single(DataHost.Of(history.Aggregate(new JobState(), Kernel.Apply), [.. history]));
        Assert.Equal((_now.AddHours(2), "i-1", (DateTimeOffset?)null), (next.From, next.Instance, next.Until));
    }

    [Fact]
    public void It_is_shown_with_how_it_is_known()
    {
        var residency = new Orchestrator.Server.Api.DataResidency(
            7, "secret", true, ["/data from s3://acme/x/"], null,
            [new(1, "vast", "vast/7", "i-1", "PL", false, _now, _now.AddHours(2), null, [new(_now.AddHours(2), "the provider accepted the destroy")]), new(2, "ssh", "ssh/lab-1", "i-2", null, true, _now.AddHours(3), null, null, [])],
            1);

        Assert.Equal(
            """
            secret#7 · sensitive · /data from s3://acme/x/ · checkpoints and outputs in the installation's own folder
             ATTEMPT  HOST             COUNTRY      FROM   TO     WIPED
                   1  vast/7 (i-1)     PL           18:00  20:00  not confirmed
                   2  ssh/lab-1 (i-2)  own machine  21:00  now    not yet
               1  20:00:00  the provider accepted the destroy
            1 host was rented and never got so far as to be sent any of it
            """,
            string.Join('\n', DataResidencyView.Lines(residency, 120, new Paint(false), _now.AddHours(4), TimeZoneInfo.Utc)));
    }

    private static (JobState State, List<JobEvent> History) Run(params JobEvent[] events)
    {
        List<JobEvent> history =
        [
            new JobSubmitted(new JobId(7), "e1", "secret", new JobTerms()) { At = _now, Why = "submitted" },
            new AttemptPlanned(1, Weekend.Offer with { Host = "vast/7", Country = "PL" }, "orc-e-7-1") { At = _now, Why = "planned" }, new LaunchSent(1, 1) { At = _now, Why = "sent" },
            new InstanceFound(1, "i-1") { At = _now, Why = "found" }, .. events,
        ];
        return (history.Aggregate(new JobState(), Kernel.Apply), history);
    }
}
