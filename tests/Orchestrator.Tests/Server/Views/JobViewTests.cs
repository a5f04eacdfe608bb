using Orchestrator.Server.Api;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class JobViewTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 20, 30, 0, TimeSpan.Zero);
    private static readonly Paint Plain = new(false);

    [Fact]
    public void The_job_list_fits_80_columns_with_the_longest_names_and_figures()
    {
        var lines = JobsView.Lines(new([Running(), Running() with { Id = 99_999, Name = new string('n', 63), Reason = new string('r', 300), State = "waiting", Where = null, Cost = 99_999.99m }]), 80, Plain, Now, TimeZoneInfo.Utc).ToList();

        Assert.All(lines, line => Assert.True(line.Length <= 80, $"{line.Length}: {line}"));
        Assert.Contains(lines, line => line.Contains("running", StringComparison.Ordinal) && line.Contains("90 %", StringComparison.Ordinal) && line.Contains("3.98/8", StringComparison.Ordinal));
    }

    [Fact]
    public void The_job_list_says_what_it_costs_now_and_who_needs_a_person()
    {
        var jobs = new JobList([Running(), Running() with { State = "paused", PricePerHour = null }]);
        var foot = JobsView.Lines(jobs, 120, Plain, Now, TimeZoneInfo.Utc).Last();
        var withLeaks = JobsView.Lines(jobs with { Leaks = 0 }, 120, Plain, Now, TimeZoneInfo.Utc).Last();

        Assert.Equal($"2 shown · now $0.35/h · spent $7.96 · 1 needs you: {Running().Name} #{Running().Id} (paused)", foot);
        Assert.Contains(" · leaks 0 · ", withLeaks, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kept_host_is_shown_with_its_end_its_cost_and_what_to_do()
    {
        var kept = new KeptHost(Now.AddMinutes(-10), Now.AddMinutes(20), 0.06m);
        var list = JobsView.Lines(new([Running() with { Kept = kept }]), 160, Plain, Now, TimeZoneInfo.Utc).ToList();

        Assert.Contains(list, line => line.Contains(" kept ", StringComparison.Ordinal) && line.Contains("kept until 20:50: ", StringComparison.Ordinal));
        Assert.Contains("(failed, its host is kept)", list[^1], StringComparison.Ordinal);
        Assert.Contains(
            $"kept    its host, until 20:50, $0.06 so far: orchestrator ssh {Details().Id} · sooner done: orchestrator cancel {Details().Id}",
            ShowView.Lines(Details() with { Kept = kept }, [], 160, Plain, Now, TimeZoneInfo.Utc));

        var follow = new FollowView(Plain, TimeZoneInfo.Utc);
        var failed = Details() with { State = "active", Reason = "exit code 1" };
        Assert.DoesNotContain(follow.News(failed, withProgress: false), line => line.Contains("ssh", StringComparison.Ordinal));
        Assert.Contains($"until 20:50, since the job failed: exit code 1; look: orchestrator ssh {failed.Id}", Assert.Single(follow.News(failed with { Kept = kept }, withProgress: false)), StringComparison.Ordinal);
        Assert.Empty(follow.News(failed with { Kept = kept }, withProgress: false));
    }

    [Fact]
    public void The_job_list_says_what_is_leaked_what_it_costs_and_what_to_do()
    {
        var leaked = new LeakedInstances(3, 0.71m, 1, ["runpod", "vast"]);

        Assert.Contains(
            "3 LEAKED: destroyed again and again, and not confirmed gone; they cost $0.71/h, the price of 1 is not known. Destroy them at runpod and vast: orchestrator alerts names them",
            JobsView.Lines(new([]) { Leaked = leaked }, 200, Plain, Now, TimeZoneInfo.Utc));
        Assert.Contains(
            "1 LEAKED: destroyed again and again, and not confirmed gone; it costs $0.71/h. Destroy it at vast: orchestrator alerts names it",
            JobsView.Lines(new([Running()]) { Leaked = new(1, 0.71m, 0, ["vast"]) }, 200, Plain, Now, TimeZoneInfo.Utc));
        Assert.All(JobsView.Lines(new([Running()]) { Leaked = leaked }, 80, Plain, Now, TimeZoneInfo.Utc), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Show_tells_each_attempt_with_its_reason_and_fits_80_columns()
    {
        var lines = ShowView.Lines(Details(), [new(1, Now, "attempt-ended", 1, "instance i-1 is gone: " + new string('x', 200))], 80, Plain, Now, TimeZoneInfo.Utc).ToList();

        Assert.All(lines, line => Assert.True(line.Length <= 80, $"{line.Length}: {line}"));
        Assert.Contains(lines, line => line.Contains("0 -> 7,682", StringComparison.Ordinal) && line.Contains("gone", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("saved   step 18,000, 51 s ago, 3 GB verified", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(7_500L, "step-7500", "resumes at step 7,500")]
    [InlineData(null, "last.txt", "resumes from last.txt")]
    [InlineData(null, null, "begins at the start")]
    public void An_attempt_begins_where_its_checkpoint_was_whatever_that_is_called(long? step, string? entry, string words) =>
        Assert.Equal(words, Say.Beginning(Details().Attempts[0] with { ResumedFromStep = step, ResumedFrom = entry }));

    [Theory]
    [InlineData("waiting", 5.0, null, null, "due     Sat 16:30 · must start by Sat 01:30 where nobody takes it away, 5h00m from now")]
    [InlineData("waiting", -1.0, null, null, "due     Sat 16:30 · no time to spare: only what nobody takes away will do")]
    [InlineData("waiting", null, 3.0, null, "due     Sat 16:30 · missed by about 3h00m on the fastest offer that fits: faster")]
    [InlineData("waiting", null, null, null, "due     Sat 16:30 · no offer that nobody takes away is known to make it")]
    [InlineData("active", 5.0, null, 18.0, "due     Sat 16:30 · 2h00m to spare at this pace")]
    [InlineData("active", -5.0, 1.0, 21.0, "due     Sat 16:30 · missed by about 1h00m at this pace")]
    [InlineData("succeeded", -5.0, null, -2.0, "due     Sat 16:30 · made, 22h00m to spare")]
    public void Show_says_what_there_is_to_spare_until_the_deadline(string state, double? startsIn, double? missedBy, double? doneIn, string words)
    {
        var job = Details() with
        {
            State = state, Deadline = Now.AddHours(20), Where = state == "active" ? "vast" : null, DoneAt = doneIn is { } done ? Now.AddHours(done) : null,
            MustStartBy = startsIn is { } start ? Now.AddHours(start) : null, MissedBySeconds = missedBy * 3600,
        };

        Assert.StartsWith(words, ShowView.Lines(job, [], 160, Plain, Now, TimeZoneInfo.Utc).First(line => line.StartsWith("due ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain(ShowView.Lines(job with { Deadline = null }, [], 80, Plain, Now, TimeZoneInfo.Utc), line => line.StartsWith("due ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_job_list_says_by_when_a_job_that_waits_must_start()
    {
        var job = Running() with { State = "waiting", Where = null, DoneAt = null, Reason = "no offer fits", MustStartBy = Now.AddHours(17) };

        Assert.Contains(JobsView.Lines(new([job]), 160, Plain, Now, TimeZoneInfo.Utc), line => line.Contains("no offer fits; must start by Sat 13:30", StringComparison.Ordinal));
    }

    [Fact]
    public void Show_tells_money_that_no_sum_counts_apart()
    {
        var job = Details() with { Attempts = [Details().Attempts[0] with { Number = 1, Host = "ssh/box1", Unsettled = 57.124m }] };

        var text = string.Join(' ', ShowView.Lines(job, [], 160, Plain, Now, TimeZoneInfo.Utc).Select(line => line.Trim()));

        Assert.Contains("not counted: $57.12 of attempt 1, should ssh/box1 turn out to hold an instance of it", text, StringComparison.Ordinal);
        Assert.DoesNotContain(ShowView.Lines(Details(), [], 160, Plain, Now, TimeZoneInfo.Utc), line => line.Contains("not counted", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(7200.0, null, "alone   the host saves and ends itself after 2h18m at most: $0.58 from when it was last heard")]
    [InlineData(null, "its agent does not answer", "alone   not bounded: its agent does not answer; it costs $0.250/h until somebody ends it")]
    [InlineData(null, null, "alone   not bounded: its provider gives a host no way to end itself; it costs $0.250/h until somebody ends it")]
    public void Show_bounds_what_a_vanished_server_costs(double? seconds, string? why, string line)
    {
        Assert.Contains(line, ShowView.Lines(Details() with { Lease = new(seconds, 0.25m) { Why = why } }, [], 160, Plain, Now, TimeZoneInfo.Utc));
        Assert.DoesNotContain(ShowView.Lines(Details(), [], 160, Plain, Now, TimeZoneInfo.Utc), one => one.StartsWith("alone", StringComparison.Ordinal));
    }

    [Fact]
    public void Show_says_what_is_done_for_an_attempt_that_does_not_train_yet()
    {
        var pulls = Details().Attempts[0] with { EndReason = null, Why = "", Phase = "connecting", Activity = "pulling the image: 3 of 9 layers, 1.2 of 4.0 GB" };

        var lines = ShowView.Lines(Details() with { Attempts = [pulls] }, [], 160, Plain, Now, TimeZoneInfo.Utc);

        Assert.Contains(lines, line => line.EndsWith("  connecting, pulling the image: 3 of 9 layers, 1.2 of 4.0 GB", StringComparison.Ordinal));
    }

    [Fact]
    public void Show_says_what_the_configuration_lacks()
    {
        var lines = ShowView.Lines(Details() with { Troubles = ["job lora#9 needs the store \"nas\""] }, [], 80, Plain, Now, TimeZoneInfo.Utc);

        Assert.Contains("trouble job lora#9 needs the store \"nas\"", lines);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(132)]
    public void A_reason_is_broken_over_lines_and_never_cut(int width)
    {
        var why = string.Join(' ', Enumerable.Range(1, 40).Select(word => $"word{word}"));

        var lines = ShowView.Lines(Details() with { Reason = why }, [new(1, Now, "attempt-ended", 1, why + " again")], width, Plain, Now, TimeZoneInfo.Utc).ToList();

        Assert.All(lines, line => Assert.True(line.Length <= width, $"{line.Length}: {line}"));
        Assert.Contains("word39 word40", string.Join(' ', string.Join(' ', lines).Split(' ', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void One_reason_of_three_events_is_told_once()
    {
        TimelineEntry[] events = [new(1, Now, "trainer-exited", 1, "exit code 3"), new(2, Now, "verdict-reached", null, "exit code 3"), new(3, Now, "attempt-ended", 1, "gone"), new(4, Now, "trainer-exited", 2, "exit code 3")];

        Assert.Equal([1, 3, 4], Timeline.Told(events).Select(entry => entry.Seq));
    }

    [Fact]
    public void Hostile_words_from_hosts_stay_on_their_line()
    {
        var job = Details() with { Reason = "bad\n\e[31mworse", Attempts = [Details().Attempts[0] with { Why = "a\r\nb\e[2J", InstanceId = "\u202Ei" }] };

        var text = string.Join('\n', ShowView.Lines(job, [new(1, Now, "x", null, "one\ntwo")], 100, Plain, Now, TimeZoneInfo.Utc));

        Assert.DoesNotContain('\e', text);
        Assert.DoesNotContain('\u202E', text);
        Assert.Contains("one two", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Following_without_a_terminal_says_each_phase_and_each_five_percent_once()
    {
        var view = new FollowView(Plain, TimeZoneInfo.Utc);
        var said = new List<string>();
        for (var step = 0; step <= 100; step++)
        {
            said.AddRange(view.News(Details() with { Progress = new(step, 100, Now, 1) }, withProgress: true));
        }

        Assert.Single(said, line => line.StartsWith("running", StringComparison.Ordinal));
        Assert.Equal(21, said.Count(line => line.Contains("step ", StringComparison.Ordinal) && line.Contains('%')));
    }

    [Fact]
    public void Following_tells_why_an_attempt_was_lost_and_where_the_next_one_resumes()
    {
        var view = new FollowView(Plain, TimeZoneInfo.Utc);
        var first = Details() with { Attempts = [Details().Attempts[0] with { EndReason = null, To = null, Phase = "running" }] };
        _ = view.News(first, withProgress: false).ToList();

        var said = view.News(Details(), withProgress: false).ToList();

        Assert.Contains(said, line => line.StartsWith("! attempt 1 ended: instance i-1 is gone", StringComparison.Ordinal));
        Assert.Contains(said, line => line.Contains("resumed at step 7,500", StringComparison.Ordinal));
    }

    [Fact]
    public void Following_tells_reasons_whole()
    {
        var view = new FollowView(Plain, TimeZoneInfo.Utc);
        var why = string.Join(' ', Enumerable.Repeat("reason", 60)) + " end";
        var lost = Details() with { Attempts = [Details().Attempts[0] with { Why = why }, Details().Attempts[1]] };

        Assert.Contains(view.News(lost, withProgress: false).ToList(), line => line == "! attempt 1 ended: " + why);
        Assert.Equal(["waiting  " + why], view.News(lost with { State = "waiting", Phase = null, Reason = why }, withProgress: false));
        Assert.Equal("  " + why, view.End(lost with { State = "failed", Reason = why }).Last());
    }

    [Fact]
    public void Following_says_what_is_waited_for_once_and_again_when_that_changes()
    {
        var view = new FollowView(Plain, TimeZoneInfo.Utc);
        string[] reasons =
        [
            "no offer fits: 1,212 offers: 0 fit, 1,212 rejected: 9 other GPU",
            // Another look at the market, with nothing new.
            "no offer fits: 1,209 offers: 0 fit, 1,209 rejected: 7 other GPU",
            "the cheapest offer that fits costs $0.41/h, the job starts below $0.40/h",
            "the cheapest offer that fits costs $0.43/h, the job starts below $0.40/h",
            "the cheapest offer that fits costs $0.43/h, the job starts below $0.40/h",
        ];

        var said = reasons.SelectMany(reason => view.News(Details() with { State = "waiting", Phase = null, Attempts = [], Reason = reason }, withProgress: true).ToList());

        Assert.Equal([.. new[] { 0, 2, 3 }.Select(at => "waiting  " + reasons[at])], said);
    }

    [Fact]
    public void Following_does_not_repeat_a_phase_for_its_reason()
    {
        var view = new FollowView(Plain, TimeZoneInfo.Utc);
        Assert.NotEmpty(view.News(Details(), withProgress: false).ToList());
        Assert.Empty(view.News(Details() with { Reason = "training on" }, withProgress: false));
    }

    [Theory]
    [InlineData(59, "59 s")]
    [InlineData(192, "3m12s")]
    [InlineData(7_380, "2h03m")]
    [InlineData(367_200, "4d06h")]
    [InlineData(-5, "0 s")]
    public void Spans_of_time_read_short(int seconds, string expected) => Assert.Equal(expected, Say.For(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.0, "░░░░")]
    [InlineData(0.5, "██░░")]
    [InlineData(1.0, "████")]
    [InlineData(7.0, "████")]
    [InlineData(0.03125, "▏░░░")]
    public void A_bar_shows_eighths(double share, string expected) => Assert.Equal(expected, Say.Bar(share, 4));

    private static JobSummary Running() => new()
    {
        Id = 109,
        Name = "whisper-fr",
        State = "active",
        Reason = "training",
        Phase = "running",
        Progress = new(18_041, 20_000, Now, 2.2),
        DoneAt = Now.AddHours(1),
        Where = "runpod community RTX 4090",
        PricePerHour = 0.348m,
        Cost = 3.98m,
        Budget = 8,
        LastCheckpoint = new(18_000, "step-18000", Now.AddSeconds(-51), 3_000_000_000),
        Interruptions = 1,
    };

    private static JobDetails Details() => new()
    {
        Id = 109,
        Name = "whisper-fr",
        State = "active",
        Reason = "training",
        Phase = "running",
        Progress = new(18_041, 20_000, Now, 2.2),
        Cost = 3.98m,
        Budget = 8,
        LastCheckpoint = new(18_000, "step-18000", Now.AddSeconds(-51), 3_000_000_000),
        Interruptions = 1,
        ResumedAtStep = 7_500,
        Attempts =
        [
            new() { Number = 1, Phase = "ended", Provider = "local", InstanceId = "i-1", From = Now.AddHours(-3), To = Now.AddHours(-1), Steps = 7_682, Cost = 1.71m, EndReason = "instance-gone", Why = "instance i-1 is gone", Interruption = true },
            new() { Number = 2, Phase = "running", Provider = "local", InstanceId = "i-2", From = Now.AddHours(-1), ResumedFromStep = 7_500, Cost = 2.27m },
        ],
    };
}
