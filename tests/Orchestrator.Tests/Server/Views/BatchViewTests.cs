using System.Collections.Immutable;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class BatchViewTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_batch_is_a_table_of_its_matrix_with_states_metrics_and_costs()
    {
        var lines = BatchView.Lines(BatchSort.By(Sweep(), "loss", descending: false), 160, new Paint(false), _now, TimeZoneInfo.Utc).ToList();

        Assert.Contains("sweep · 3 jobs: 1 done, 1 running, 1 waiting · $1.50 of $60.00 · 1 at one time · canary 1", lines[0], StringComparison.Ordinal);
        Assert.Matches(@"^ *# +JOB +lr +seed +STATE +PROGRESS +loss +COST +WHERE", lines[1]);
        Assert.Matches(@"^ *12 +sweep-2 +3e-4 +1 .* 0.2 +0.50", lines[2]);
        Assert.Matches(@"^ *11 +sweep-1 +1e-4 +1 +done .* 0.7 +1.00", lines[3]);
        Assert.Matches(@"^ *13 +sweep-3 +1e-3 +1 +waiting +- +- +0.00 +place 1 in line: it is not its turn", lines[4]);
    }

    [Fact]
    public void In_the_list_of_jobs_it_is_one_line()
    {
        var lines = JobsView.Lines(new JobList([.. Sweep().Jobs.Select(one => one.Job)]), 160, new Paint(false), _now, TimeZoneInfo.Utc).ToList();

        Assert.Matches(@"^ +sweep  3 +1✓ 1▶ 1… .* 1 host: vast 1 +0.300 +1.50/60", lines[1]);
        Assert.DoesNotContain(lines, line => line.Contains("sweep-2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, false, "1 2 3")]
    [InlineData("number", true, "3 2 1")]
    [InlineData("cost", false, "3 2 1")]
    [InlineData("loss", true, "1 2 3")]
    [InlineData("matrix.lr", true, "3 2 1")]
    [InlineData("matrix.lr", false, "1 2 3")]
    [InlineData("state", false, "2 3 1")]
    [InlineData("place", false, "3 1 2")]
    [InlineData("attempts", true, "2 1 3")]
    [InlineData("progress", true, "1 2 3")]
    public void It_is_sorted_by_any_column_and_what_has_nothing_there_comes_last(string? by, bool descending, string numbers) =>
        Assert.Equal(numbers, string.Join(' ', BatchSort.By(Sweep(), by, descending).Jobs.Select(one => one.Job.Batch!.Number)));

    [Fact]
    public void Values_are_told_apart_and_a_comma_in_one_stays_in_it()
    {
        Assert.Equal<string>(["number", "cost", "state", "progress", "attempts", "place", "loss", "matrix.lr", "matrix.seed"], BatchSort.Names(Sweep()));
        Assert.Equal([("a", "1,2"), ("b", "x=y")], BatchView.Cell(Job(1, "a=1,2,b=x=y", "waiting", 0, null)));
        Assert.Empty(BatchView.Cell(Job(1, "nonsense", "waiting", 0, null)));
    }

    private static BatchDetails Sweep() => new()
    {
        Name = "sweep",
        Owner = "ada",
        SubmittedAt = _now.AddHours(-2),
        Budget = 60,
        Cost = 1.5m,
        MaxParallel = 1,
        Canary = 1,
        Jobs =
        [
            new(null, Job(1, "lr=1e-4,seed=1", "succeeded", 1m, 0.7) with { AttemptCount = 1 }),
            new(null, Job(2, "lr=3e-4,seed=1", "active", 0.5m, 0.2) with { AttemptCount = 3, Phase = "training", Where = "vast 57342 RTX 4090", PricePerHour = 0.3m }),
            new(1, Job(3, "lr=1e-3,seed=1", "waiting", 0m, null) with { Reason = "it is not its turn yet" }),
        ],
    };

    private static JobSummary Job(int number, string cell, string state, decimal cost, double? loss) => new()
    {
        Id = 10 + number,
        Name = $"sweep-{number}",
        State = state,
        Reason = "",
        Cost = cost,
        Batch = new BatchPlace(4, "sweep", number, cell, 60),
        Progress = loss is { } value ? new StepProgress(5, 10, null, null) { Metrics = ImmutableSortedDictionary<string, double>.Empty.Add("loss", value) } : null,
    };
}
