using System.Collections.Immutable;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class TopViewTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 21, 14, 5, 0, TimeSpan.Zero);

    [Fact]
    public void What_would_lose_most_comes_first_and_waiting_siblings_are_one_row() => Assert.Equal(
        """
        14:05:00 · 2 jobs on hosts, 4 not · $0.65/h · $1.50 spent · oldest unsaved work 18m00s · leaks 0, checked 9 s ago · 1 needs you: orchestrator alerts
         #  JOB            STATE    PROGRESS  DONE AT  WHERE             $/h  SPENT  UNSAVED
         2  slow           running     40 %        -        vast RTX 3090   0.300  0.25/5   18m00s
         1  quick          running     90 %        -        vast RTX 4090   0.350  0.25/5    1m00s
         3  alone          paused      -           -        the budget is spent      -  0.25/5        -
            sweep: 3 jobs  waiting     -           -        a slot is taken       -  -             -
        """.Replace(" ", "", StringComparison.Ordinal),
        string.Join('\n', TopView.Lines(Top(), 160, null, new Paint(false), TimeZoneInfo.Utc)).Replace(" ", "", StringComparison.Ordinal));

    [Fact]
    public void A_screen_that_is_too_low_counts_what_it_leaves_out_and_no_line_is_too_long()
    {
        var lines = TopView.Lines(Top(), 80, 5, new Paint(false), TimeZoneInfo.Utc).ToList();

        Assert.True(lines.Count <= 5, string.Join('\n', lines));
        Assert.Matches("^and [0-9] more: orchestrator jobs$", lines[^1]);
        Assert.All(lines, line => Assert.True(line.Length < 80, line));
    }

    [Fact]
    public void Without_a_job_there_is_still_what_leaks()
    {
        var top = TopView.Of(new JobList([], 2, _now) { Leaked = new(2, 0.6m, 0, ["vast"]) }, 1, _now);

        Assert.Equal(
            ["14:05:00 · 0 jobs on hosts, 0 not · $0.00/h · $0.00 spent · oldest unsaved work none · leaks 2, checked 0 s ago · 1 needs you: orchestrator alerts", "2 LEAKED, $0.60/h, at vast: orchestrator alerts", "no job is under way"],
            TopView.Lines(top, 200, 50, new Paint(false), TimeZoneInfo.Utc));
    }

    private static TopReply Top() => TopView.Of(
        new JobList(
            [
                Job(1, "quick", "active", 0.35m, 90, 1), Job(2, "slow", "active", 0.3m, 40, 18), Job(3, "alone", "paused", null, null, null) with { Reason = "the budget is spent" },
                .. Enumerable.Range(4, 3).Select(id => Job(id, $"sweep-{id}", "waiting", null, null, null) with { Reason = "a slot is taken", Batch = new(9, "sweep", id, null, null), Budget = null }),
                Job(9, "over", "succeeded", null, 100, 1),
            ],
            0, _now.AddSeconds(-9)),
        1, _now);

    private static JobSummary Job(long id, string name, string state, decimal? price, long? step, double? savedMinutes) => new()
    {
        Id = id, Name = name, State = state, Reason = "", Phase = price is null ? null : "running", Since = _now.AddHours(-1), Cost = 0.25m, Budget = 5, PricePerHour = price,
        Where = price is null ? null : $"vast RTX {(id == 1 ? "4090" : "3090")}",
        Progress = step is { } at ? new StepProgress(at, 100, _now, null) : null,
        LastCheckpoint = savedMinutes is { } ago ? new CheckpointAtStep(step, "e", _now.AddMinutes(-ago), 1) : null,
    };
}
