using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Engine.Ticks;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Tests.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Ticks;

public sealed class StaleCheckpointTests
{
    private static readonly CheckpointSpec _trainers = new() { Path = "/ckpt", Include = ["*"], Complete = new CompletionRule { Kind = CompletionKind.Rename } };
    private readonly JobState _state = new Scene().Reach(AttemptPhase.Running).State;

    [Fact]
    public void What_the_spec_says_counts_and_so_does_the_start_where_nothing_was_stored()
    {
        var asked = _trainers with { MaxAgeAlert = TimeSpan.FromMinutes(20) };

        Assert.Null(Told(asked, minutes: 20));
        Assert.Matches("^job#7 has stored no checkpoint for more than 20m00s: what it trained since [0-9:]+ UTC would be lost with its host; look: orchestrator logs 7$", Told(asked, minutes: 21)!);
        Assert.Null(Told(asked, minutes: 35, 15));
        Assert.Contains("orchestrator save 7", Told(asked with { Request = new CheckpointRequest { File = "/ckpt/SAVE" } }, minutes: 36, 15)!, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_it_three_times_the_rhythm_counts_where_one_is_known()
    {
        Assert.Null(Told(_trainers, minutes: 600));
        Assert.Null(Told(_trainers, minutes: 600, 10, 20));
        // Gaps of 10, 10 and 60 minutes: ten are usual.
        Assert.Null(Told(_trainers, minutes: 120, 10, 20, 30, 90));
        Assert.NotNull(Told(_trainers, minutes: 121, 10, 20, 30, 90));

        var every = _trainers with { Every = new CheckpointRhythm { Kind = RhythmKind.Fixed, Interval = TimeSpan.FromMinutes(10) } };
        Assert.Null(Told(every, minutes: 30));
        Assert.NotNull(Told(every, minutes: 31));

        // Every few seconds is no reason to be told of a minute without.
        Assert.Null(Told(_trainers, minutes: 7, 1, 2, 2.1, 2.2));
        Assert.NotNull(Told(_trainers, minutes: 8, 1, 2, 2.1, 2.2));
    }

    [Fact]
    public void What_does_not_train_loses_nothing() =>
        Assert.Null(StaleCheckpoint.Of(new Scene().Reach(AttemptPhase.Staging).State, _trainers with { MaxAgeAlert = TimeSpan.FromMinutes(1) }, [], Scene.Start.AddDays(1)));

    /// <summary>So many minutes after the start of training, with checkpoints at these.</summary>
    private string? Told(CheckpointSpec spec, double minutes, params double[] stored)
    {
        var started = _state.Current()!.TrainingStartedAt!.Value;
        return StaleCheckpoint.Of(_state, spec, [.. stored.Select(at => started.AddMinutes(at))], started.AddMinutes(minutes));
    }
}
