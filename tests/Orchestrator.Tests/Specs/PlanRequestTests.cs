using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Measuring;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Specs;

/// <summary>How a job's own pace takes the place of what was known before.</summary>
public sealed class PlanRequestTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly JobState _state = new()
    {
        Id = new JobId(1),
        Attempts =
        [
            new Attempt
            {
                Number = 1, Phase = AttemptPhase.Ended, PhaseSince = _now, PlannedAt = _now, Label = "l", TrainingStartedAt = _now.AddHours(-2), TrainingEndedAt = _now,
                Offer = new OfferTaken { Provider = "vast", OfferId = "o", Capacity = CapacityType.OnDemand, HostKind = HostKind.Container, PricePerHour = Money.FromDollars(1), Gpu = "RTX 4090", GpuCount = 1 },
            },
        ],
        Checkpoints = [new CheckpointRef { Attempt = 1, Ordinal = 1, ManifestKey = "k", Entry = "step-1000", Step = 1000, Bytes = 5_000_000, ReportedAt = _now.AddHours(-1) }],
    };

    /// <summary>A person guessed one hour; 7,000 steps of 3.6 seconds are seven. What the next host is asked to do is what is left of those.</summary>
    [Fact]
    public void A_wrong_estimate_is_corrected_after_the_first_interruption()
    {
        var stored = Stored("estimate: {time: 1h, on: RTX 4090, checkpoint-size: 2GB}\nprogress: {total: 7000}\n");

        var before = PlanRequests.Of(stored, _state, WorkKnown.Nothing, _now);
        var after = PlanRequests.Of(stored, _state, new WorkKnown([new PaceSeen(1, 1500, 5400, 1600, null)], []), _now);

        Assert.Equal((WorkSource.Spec, "the spec's estimate, less what the newest checkpoint holds"), (before.Work!.Source, before.Work.Words));
        Assert.Equal(1 - (1000 / 7000d), before.Work.Time.TotalHours, 6);
        Assert.Equal((WorkSource.JobHistory, "measured: 3.60 s/step on RTX 4090 over 1 attempt, 6,000 steps left"), (after.Work!.Source, after.Work.Words));
        Assert.Equal(6, after.Work.Time.TotalHours, 6);
        Assert.Equal((new ByteSize(5_000_000), true), (after.Sizes.Checkpoint!.Value, after.Sizes.IsCheckpointMeasured));
    }

    /// <summary>What a host pulls is known since the image was pinned.</summary>
    [Fact]
    public void The_pinned_image_counts_with_its_size()
    {
        var stored = Stored("image: ghcr.io/acme/trainer:1\nestimate: 9h on RTX 4090\n");

        Assert.Null(PlanRequests.Of(stored, _state, WorkKnown.Nothing, _now).Sizes.Image);
        Assert.Equal(new ByteSize(123), PlanRequests.Of(stored with { Image = new("ghcr.io/acme/trainer:1", "ghcr.io/acme/trainer@sha256:0", 123) }, _state, WorkKnown.Nothing, _now).Sizes.Image);
    }

    [Fact]
    public void Without_steps_in_all_the_estimate_stays()
    {
        var stored = Stored("estimate: 9h on RTX 4090\n");

        Assert.Equal(WorkSource.Spec, PlanRequests.Of(stored, _state, new WorkKnown([new PaceSeen(1, 1500, 5400, 1600, null)], []), _now).Work!.Source);
        Assert.Null(PlanRequests.Of(Stored(""), _state, new WorkKnown([new PaceSeen(1, 1500, 5400, 1600, null)], []), _now).Work);
    }

    [Fact]
    public void What_earlier_jobs_showed_stands_in_for_an_estimate_and_its_checkpoint()
    {
        var earlier = new WorkMeasured
        {
            Source = WorkSource.ImageHistory, Name = "a #3", At = _now, Gpu = "RTX 4090", GpuCount = 1, Work = TimeSpan.FromHours(4), TotalSteps = 4000, SecondsPerStep = 3.6, Checkpoint = new ByteSize(9_000_000),
        };

        var first = PlanRequests.Of(Stored("").Spec, new WorkKnown([], [earlier]), _now);
        var later = PlanRequests.Of(Stored(""), _state, new WorkKnown([], [earlier]), _now);

        Assert.Equal((WorkSource.ImageHistory, 4, new ByteSize(9_000_000), true), (first.Work!.Source, first.Work.Time.TotalHours, first.Sizes.Checkpoint!.Value, first.Sizes.IsCheckpointMeasured));
        Assert.Equal((WorkSource.ImageHistory, 3), (later.Work!.Source, later.Work.Time.TotalHours));
    }

    private static StoredSpec Stored(string more) =>
        new() { Spec = SpecCase.Spec(SpecReader.Read("name: a\nrun: train\nresources: {gpu: RTX 4090}\nbudget: {max-total: $3}\ncheckpoints: {path: /ckpt}\n" + more, "a.yaml", SpecCase.Options)) };
}
