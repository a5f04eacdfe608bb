using System.Collections.Immutable;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Tests.Specs;
using Xunit;

namespace Orchestrator.Tests.Submitting;

public sealed class StartPointsTests
{
    [Theory]
    [InlineData(null, "k3")]
    [InlineData(3, "k3")]
    [InlineData(2, "k2")]
    [InlineData(5, "k5")]
    [InlineData(0, null)]
    public void A_retry_begins_from_the_newest_or_from_the_one_that_is_named(int? number, string? key) =>
        Assert.Equal(key, StartPoints.OfRetry(Job(), number)?.Checkpoint.ManifestKey);

    [Theory]
    [InlineData(1, "checkpoint 1 of job lora was removed by retention (checkpoints.keep: 2); usable: 2, 3, 5")]
    [InlineData(4, "checkpoint 4 of job lora is damaged; usable: 2, 3, 5")]
    [InlineData(6, "job lora has no checkpoint 6; they are numbered 1 to 5")]
    [InlineData(-1, "job lora has no checkpoint -1; they are numbered 1 to 5")]
    public void One_that_is_not_there_is_refused_with_those_that_are(int number, string words)
    {
        var refused = Assert.Throws<StartRefusedException>(() => StartPoints.OfRetry(Job(), number));

        Assert.Equal(words, refused.Message);
        Assert.Contains("orchestrator checkpoints lora#12", refused.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_named_so_that_a_person_knows_it() => Assert.Equal("lora #12, ckpt-k3, step 2,400", StartPoints.OfRetry(Job(), null)!.Words);

    /// <summary>The fifth came too late to be restored by itself: a person's word may.</summary>
    private static JobDetail Job()
    {
        var state = new JobState
        {
            Id = new JobId(12), Name = "lora", Phase = JobPhase.Failed, Terms = new JobTerms { HasCheckpoints = true, Keep = 2 },
            Checkpoints = [One("k2", 2, 1200), One("k3", 3, 2400), One("k5", 5, 2600) with { Late = true }],
        };
        return new()
        {
            Job = new() { Id = 12, Name = "lora", Owner = "eva", Labels = ImmutableSortedDictionary<string, string>.Empty, Phase = JobPhase.Failed, Reason = "", PhaseSince = default, SubmittedAt = default, Attempt = 0, PricePerHour = Money.Zero, Cost = Money.Zero, Interruptions = 0 },
            State = state,
            Now = SpecCase.Now,
            SpecYaml = SpecCase.Least,
            SpecJson = new StoredSpec { Spec = SpecCase.Spec(SpecCase.With("")) }.ToJson(),
            Attempts = [],
            Checkpoints = [Row("k1", "deleted"), Row("k2", "verified"), Row("k3", "verified"), Row("k4", "rejected"), Row("k5", "verified")],
        };
    }

    private static CheckpointRef One(string key, int ordinal, long step) => new() { Attempt = 1, Ordinal = ordinal, ManifestKey = key, Entry = "ckpt-" + key, Step = step };

    private static CheckpointView Row(string key, string status) => new() { Job = 12, ManifestKey = key, Status = status };
}
