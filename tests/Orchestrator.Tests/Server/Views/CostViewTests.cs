using System.Collections.Immutable;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class CostViewTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 22, 20, 0, 0, TimeSpan.Zero);

    private static readonly ImmutableArray<MeteredInstance> _weekend =
    [
        Of(111, "lr-sweep", 60, 1, "vast", "45812277", 7.02m, 0.2m, 0.3m, lost: 0.12m) with { Charged = Money.FromDollars(7.39m), Settled = true },
        Of(111, "lr-sweep", 60, 2, "runpod", "9xk2", 3.51m, 0.14m, 0.21m) with { Charged = Money.FromDollars(3.86m), Settled = true },
        Of(111, "lr-sweep", 60, 3, "vast", "45812290", 0.03m, 0.01m, 0m, neverBooted: true) with { Charged = Money.FromDollars(0.04m) },
        Of(112, "whisper-fr", 8, 1, "vast", "45812301", 3.58m, 0.12m, 0.28m, lost: 0.05m) with { Frozen = false },
        Of(113, "sdxl-lora-cat", 3, 1, "ssh", "lab-1", 0.64m, 0.04m, 0.06m, lost: 0.02m),
    ];

    [Fact]
    public void Each_job_has_a_row_that_adds_up_and_bills_stand_beside_our_meter() => Assert.Equal(
        """
                        TOTAL  compute  disk  moves  lost work  never booted
         lr-sweep       11.42    10.41  0.34   0.51       0.12          0.04
         whisper-fr      3.98     3.53  0.12   0.28       0.05          0.00
         sdxl-lora-cat   0.74     0.62  0.04   0.06       0.02          0.00
         all            16.14    14.56  0.50   0.85       0.19          0.04  of $71.00 allowed
         by provider   vast 11.54 (their bill so far 7.43, 1.7 % apart) · runpod 3.86 (their bill 3.86, 0 % apart) · ssh 0.74
        """,
        Text(_weekend, 120));

    [Fact]
    public void One_job_shows_its_instances_and_which_of_them_differ()
    {
        ImmutableArray<MeteredInstance> job =
        [
            Of(112, "whisper-fr", 8, 1, "vast", "45812277", 1.7m, 0.05m, 0.1m, lost: 0.05m) with { Charged = Money.FromDollars(1.4m), Settled = true },
            Of(112, "whisper-fr", 8, 2, "vast", "45812290", 0.03m, 0.01m, 0m, neverBooted: true) with { Charged = Money.FromDollars(0.04m) },
            Of(112, "whisper-fr", 8, 3, "vast", "45812301", 2.1m, 0.07m, 0.1m) with { Frozen = false },
        ];

        Assert.Equal(
            """
                         TOTAL  compute  disk  moves  lost work  never booted
             whisper-fr   4.16     3.75  0.12   0.20       0.05          0.04  of $8.00 allowed
             by provider   vast 4.16 (their bill so far 1.44, 31.3 % apart)
             vast: the bill differs from our meter; which instances: orchestrator cost --job JOB

             ATTEMPT  INSTANCE       FROM       TO     METERED   BILL
                   1  vast 45812277  Sat 20:00  02:00    1.850  1.400  0.050 of work lost, they differ
                   2  vast 45812290  Sat 20:00  02:00    0.040  0.040  never booted, bill so far
                   3  vast 45812301  Sat 20:00  now      2.270      -  lives
            """,
            Text(job, 120, withInstances: true));
    }

    /// <summary>Of a few seconds a large share is nothing to look into.</summary>
    [Fact]
    public void A_large_part_of_a_cent_is_said_to_be_one() => Assert.Contains(
        "by provider   vast 0.01 (their bill 0.00, 200 % apart (under 2 cents))",
        Text([Of(112, "short", 8, 1, "vast", "45812277", 0.006m, 0m, 0m) with { Charged = Money.FromDollars(0.002m), Settled = true }], 120),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    public void No_line_wraps(int width) => Assert.All(Text(_weekend, width, withInstances: true).Split('\n'), line => Assert.True(line.Length <= width, line));

    [Fact]
    public void Jobs_of_one_name_are_told_apart_and_a_job_without_a_limit_promises_nothing()
    {
        var text = Text([Of(7, "lora", null, 1, "ssh", "a", 1, 0, 0), Of(9, "lora", 3, 1, "ssh", "b", 2, 0, 0)], 120);

        Assert.Contains("lora#9   2.00", text, StringComparison.Ordinal);
        Assert.DoesNotContain("allowed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("bill", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_to_be_nothing() => Assert.Equal("nothing was rented since Fri 20:00", Text([], 80, since: _now.AddDays(-2)));

    [Theory]
    [InlineData(4.0, 5.0, " same hours, on-demand only: $9.00 instead of $3.00")]
    [InlineData(4.0, null, " same hours, on-demand only: $4.00 instead of $1.00; no such price was told for 1 more")]
    [InlineData(null, null, " same hours, on-demand only: not known, no such price was told when they were chosen")]
    [InlineData(1.0, 2.0, null)]
    public void The_same_hours_are_priced_on_demand(double? first, double? second, string? line)
    {
        var text = Text([At(Of(7, "a", 3, 1, "vast", "1", 1, 0, 0), first), At(Of(8, "b", 3, 1, "vast", "2", 2, 0, 0), second)], 120);

        Assert.Equal(line, text.Split('\n').SingleOrDefault(one => one.Contains("on-demand only", StringComparison.Ordinal)));

        static MeteredInstance At(MeteredInstance one, double? price) => one with { Cost = one.Cost with { OnDemand = price is { } dollars ? Money.FromDollars((decimal)dollars) : null } };
    }

    [Fact]
    public void Orphans_have_a_line_for_each_account()
    {
        ImmutableArray<OrphanCost> orphans =
        [
            new("vast", "77", "orc-e1-7-1", _now.AddHours(-3), _now.AddHours(-2), Money.FromDollars(0.4m)),
            new("vast", "78", "orc-e1-7-2", _now.AddHours(-3), _now.AddHours(-1), null),
            new("runpod", "ab", "orc-e1-9-1", _now.AddMinutes(-30), null, Money.FromDollars(2)),
        ];

        Assert.Equal(
            """
            no job rented anything yet
             orphans at runpod, in no row above: 1, $1.00; 1 not known to be gone: orchestrator account test runpod
             orphans at vast, in no row above: 2, $0.40, the provider did not say a price for 1
            """,
            Text([], 120, orphans: orphans));
        Assert.EndsWith("a price for 1", Text(_weekend, 120, orphans: orphans), StringComparison.Ordinal);
        Assert.All(Text(_weekend, 60, orphans: orphans).Split('\n'), line => Assert.True(line.Length <= 60, line));
    }

    private static string Text(ImmutableArray<MeteredInstance> instances, int width, bool withInstances = false, DateTimeOffset? since = null, ImmutableArray<OrphanCost>? orphans = null) => string.Join(
        '\n',
        CostView.Lines(CostReplies.Make(instances, since, withInstances, name => name != "ssh") with { Orphans = CostReplies.Orphans(orphans ?? [], _now) }, width, new Paint(false), _now, TimeZoneInfo.Utc).Select(line => line.TrimEnd()));

    private static MeteredInstance Of(
        long job, string name, decimal? budget, int attempt, string provider, string instance, decimal compute, decimal disk, decimal moves, decimal lost = 0, bool neverBooted = false) => new()
    {
        Job = new JobId(job), JobName = name, Budget = budget is { } most ? Money.FromDollars(most) : null, Attempt = attempt, InstanceId = instance, Provider = provider, Frozen = true,
        Cost = new(
            new(_now.AddDays(-1), _now.AddDays(-1).AddMinutes(2), _now.AddHours(-18)),
            new(Money.FromDollars(compute), Money.FromDollars(disk), Money.FromDollars(moves), Money.Zero), Money.FromDollars(lost), neverBooted) { OnDemand = Money.FromDollars(compute + disk + moves) },
    };
}
