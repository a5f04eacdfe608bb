using Orchestrator.Engine.Rehearsals;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Planning.Measuring;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Rehearsals;

public sealed class RehearsalSpecTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 20, 18, 0, 0, TimeSpan.Zero);

    private const string Yaml =
        """
        name: lora
        image: ghcr.io/lab/kohya:v1
        run: python train.py
        resources: {gpu: RTX 4090}
        checkpoints: {path: /ckpt, format: files, complete: {rename: true}, keep: 1}
        outputs: [{from: /out, to: s3://lab/out, when: success}]
        budget: {max-total: 3, max-hourly: 0.9}
        deadline: 2026-11-22T20:00:00Z
        schedule: {at: "2026-11-21T20:00:00Z"}
        on-failure: {restarts: 2}
        """;

    [Fact]
    public void A_rehearsal_begins_now_and_ends_at_its_money_under_a_name_of_its_own()
    {
        var rehearsal = RehearsalSpec.Of(Read(Yaml), Money.FromDollars(0.2m));

        Assert.Equal("rehearsal-of-lora", rehearsal.Name);
        Assert.Equal((Money.FromDollars(0.2m), Money.FromDollars(0.9m), BudgetExhausted.Stop), (rehearsal.Budget.MaxTotal, rehearsal.Budget.MaxHourly, rehearsal.Budget.OnExhausted));
        Assert.Null(rehearsal.Schedule);
        Assert.Null(rehearsal.Deadline);
        Assert.Equal(0, rehearsal.OnFailure.Restarts);
        Assert.Null(Assert.Single(rehearsal.Outputs).To);
        Assert.Equal(2, rehearsal.Checkpoints!.Keep);
    }

    [Fact]
    public void A_rehearsal_is_the_same_work() => Assert.Equal(WorkKey.Of(Read(Yaml)), WorkKey.Of(RehearsalSpec.Of(Read(Yaml), Money.FromDollars(1))));

    [Fact]
    public void A_long_name_stays_a_name() => Assert.Equal(63, RehearsalSpec.NameOf(new string('a', 63)).Length);

    [Fact]
    public void Offers_are_ranked_as_for_the_job_itself_not_by_the_rehearsals_money()
    {
        var spec = Read(Yaml);
        var stored = new StoredSpec { Spec = RehearsalSpec.Of(spec, Money.FromDollars(0.2m)), Rehearsal = RehearsalSpec.Mark(spec) };
        var state = new JobState { Terms = TermsBuilder.Build(stored.Spec, _now) };

        var read = StoredSpec.Parse(stored.ToJson());
        var request = PlanRequests.Of(read, state, WorkKnown.Nothing, _now);

        Assert.Equal((true, Money.FromDollars(3)), (request.HasLimit, request.BudgetLeft));
        Assert.Equal(Money.FromDollars(0.2m), PlanRequests.Of(read with { Rehearsal = null }, state, WorkKnown.Nothing, _now).BudgetLeft);
        Assert.False(PlanRequests.Of(read with { Rehearsal = new("lora", null) }, state, WorkKnown.Nothing, _now).HasLimit);
    }

    [Theory]
    [InlineData("budget: {max-total: 3, max-hourly: 0.9}", "budget: {max-total: 30}", "")]
    [InlineData("keep: 1", "keep: 5", "")]
    [InlineData("kohya:v1", "kohya:v2", "image")]
    [InlineData("path: /ckpt", "path: /save", "checkpoints")]
    [InlineData("python train.py", "python other.py", "run")]
    public void What_was_proven_depends_on_what_runs_and_not_on_money(string old, string now, string changed) =>
        Assert.Equal(changed, string.Join(',', SpecStamp.Changed(SpecStamp.Of(Read(Yaml)), SpecStamp.Of(Read(Yaml.Replace(old, now, StringComparison.Ordinal))))));

    [Fact]
    public void Without_checkpoints_or_with_data_that_must_be_wiped_nothing_is_rehearsed()
    {
        var spec = Read(Yaml);

        Assert.Null(RehearsalSpec.Refusal(spec));
        Assert.Contains("saves no checkpoints", RehearsalSpec.Refusal(spec with { Checkpoints = null })!.What, StringComparison.Ordinal);
        Assert.Contains("wipe", RehearsalSpec.Refusal(spec with { Sensitive = true })!.What, StringComparison.Ordinal);
    }

    private static JobSpec Read(string yaml)
    {
        var read = SpecReader.Read(yaml, "lora.yaml", new SpecReadOptions { Now = _now, SubmitterTimeZone = "UTC", SpecFolder = "/" });
        Assert.False(read.HasErrors, string.Join('\n', read.Problems.Select(problem => problem.What)));
        return read.Spec!;
    }
}
