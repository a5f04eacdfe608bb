using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class LossTests
{
    /// <summary>Two witnesses, or a long silence. Three lists are read: after 30 s, 60 s and <paramref name="silence"/> seconds of silence.</summary>
    [Theory]
    [InlineData(InstanceStatus.Running, true, 600, EndReason.None)]
    [InlineData(InstanceStatus.Running, true, 900, EndReason.HostSilent)]
    [InlineData(null, true, 119, EndReason.None)]
    [InlineData(null, true, 120, EndReason.InstanceGone)]
    [InlineData(InstanceStatus.Stopped, true, 90, EndReason.InstanceStopped)]
    [InlineData(InstanceStatus.Terminating, true, 90, EndReason.InstanceStopped)]
    [InlineData(InstanceStatus.Unknown, true, 600, EndReason.None)]
    [InlineData(null, false, 899, EndReason.None)]
    [InlineData(null, false, 900, EndReason.HostSilent)]
    public void A_silent_host_is_lost_when(InstanceStatus? listed, bool answers, int silence, EndReason reason)
    {
        var scene = new Scene(new JobTerms { Stall = null }).Reach(AttemptPhase.Running);
        scene.Tick(60);
        (scene.AgentTalks, scene.Listed, scene.ListAnswers) = (false, listed, answers);

        scene.Tick(30);
        Assert.Equal(EndReason.None, scene.Newest.Reason);
        scene.Tick(30);
        scene.Tick(silence - 60);

        Assert.Equal(reason, scene.Newest.Reason);
    }

    /// <summary>A server that could not write down what it heard comes back: the hosts get their time to be heard again.</summary>
    [Fact]
    public void Time_in_which_nobody_could_listen_is_not_the_hosts_silence()
    {
        var scene = new Scene(new JobTerms { Stall = null }).Reach(AttemptPhase.Running);
        scene.AgentTalks = false;

        scene.SleepAndTick(TimeSpan.FromMinutes(16));
        Assert.Equal(EndReason.None, scene.Newest.Reason);

        scene.Tick(899);
        Assert.Equal(EndReason.None, scene.Newest.Reason);
        scene.Tick(1);
        Assert.Equal(EndReason.HostSilent, scene.Newest.Reason);
    }

    /// <summary>Its host may be one that takes long to say nothing, while the new attempt is paid.</summary>
    [Fact]
    public void What_the_new_attempt_needs_comes_before_the_destroy_of_the_lost_one()
    {
        var scene = new Scene(new JobTerms { Stall = null }).Reach(AttemptPhase.Running);
        (scene.AgentTalks, scene.ListAnswers) = (false, false);
        for (var i = 0; i < 120 && scene.State.Attempts.Length == 1; i++)
        {
            scene.Tick(60);
        }

        Assert.Collection(
            scene.Owed,
            first => Assert.Equal(2, Assert.IsType<LaunchInstance>(first).Attempt),
            last => Assert.Equal(1, Assert.IsType<DestroyInstance>(last).Attempt));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(InstanceStatus.Stopped)]
    public void An_agent_that_talks_outweighs_every_list(InstanceStatus? listed)
    {
        var scene = new Scene(new JobTerms { Stall = null }).Reach(AttemptPhase.Running);
        scene.Listed = listed;

        for (var i = 0; i < 50; i++)
        {
            Assert.Empty(scene.Tick(30));
        }
    }

    [Theory]
    [InlineData(InstanceStatus.Stopped, EndReason.InstanceStopped)]
    [InlineData(InstanceStatus.Running, EndReason.None)]
    [InlineData(null, EndReason.None)]
    public void A_cut_channel_is_witness_enough_for_a_definite_word_only(InstanceStatus? listed, EndReason reason)
    {
        var scene = new Scene(new JobTerms { Stall = null }).Reach(AttemptPhase.Running);
        scene.Tick(60);
        (scene.AgentTalks, scene.ChannelOpen, scene.Listed) = (false, false, listed);

        scene.Tick(2);
        scene.Tick(2);

        Assert.Equal(reason, scene.Newest.Reason);
    }

    /// <summary>Two lists that lack it within seconds, and then one that shows it again: it was never gone, and it still costs.</summary>
    [Theory]
    [InlineData(AttemptPhase.Booting)]
    [InlineData(AttemptPhase.Terminating)]
    public void Lists_that_flicker_for_a_moment_do_not_close_the_books(AttemptPhase phase)
    {
        var scene = new Scene(new JobTerms { Stall = null, Boot = TimeSpan.FromHours(1) }).Reach(AttemptPhase.Booting);
        scene.Listed = InstanceStatus.Booting;
        scene.Tick(120);
        if (phase == AttemptPhase.Terminating)
        {
            scene.Tick(1, new CancelCommand("eva"));
        }

        Assert.Equal(phase, scene.Newest.Phase);
        scene.Listed = null;
        Assert.IsType<AbsenceNoted>(Assert.Single(scene.Tick(5)));
        Assert.Empty(scene.Tick(5));
        Assert.Empty(scene.Tick(scene.Policies.Settling.TotalSeconds - 6));
        scene.Listed = InstanceStatus.Booting;

        Assert.IsType<AbsenceRefuted>(Assert.Single(scene.Tick(5)));
        Assert.Equal((phase, "i1"), (scene.Newest.Phase, scene.Newest.InstanceId));
    }

    [Fact]
    public void An_agent_heard_again_takes_the_absence_back()
    {
        var scene = new Scene(new JobTerms { Stall = null }).Reach(AttemptPhase.Running);
        scene.Tick(60);
        (scene.AgentTalks, scene.Listed) = (false, null);
        Assert.IsType<AbsenceNoted>(Assert.Single(scene.Tick(60)));

        scene.AgentTalks = true;

        Assert.IsType<AbsenceRefuted>(Assert.Single(scene.Tick(5)));
    }

    [Theory]
    [InlineData(true, true, 299, false)]
    [InlineData(true, true, 300, true)]
    [InlineData(false, true, 300, false)]
    [InlineData(true, false, 300, false)]
    public void A_stall_needs_a_talking_agent_and_a_known_rhythm(bool fromStart, bool talks, int seconds, bool stalled)
    {
        var scene = new Scene(new JobTerms { Stall = TimeSpan.FromMinutes(5), StallFromStart = fromStart }).Reach(AttemptPhase.Running);
        scene.AgentTalks = talks;

        scene.Tick(seconds);

        Assert.Equal(stalled ? EndReason.Stalled : EndReason.None, scene.Newest.Reason);
    }

    [Fact]
    public void What_hangs_is_looked_at_before_it_is_ended_and_where_it_stood_is_kept()
    {
        var scene = new Scene(new JobTerms { Stall = TimeSpan.FromMinutes(5), StallFromStart = true }).Reach(AttemptPhase.Running);
        scene.Tick(300);
        Assert.True(Assert.IsType<DrainTrainer>(scene.Owed.OfType<CommandAgent>().Single().Command).Stacks);

        var events = scene.Say(s => new DrainDone(true, true, "") { Seq = s, At = scene.Now, Stacks = "Thread 1 (idle): \"MainThread\"\n\n    all_reduce\u001b[0m (c10d.py:2501)\n" + new string('x', 9000) });

        var taken = events.OfType<StacksTaken>().Single();
        Assert.Equal("Thread 1 (idle): \"MainThread\"\nall_reduce [0m (c10d.py:2501)", string.Join('\n', taken.Stacks.Split('\n').Take(2)));
        Assert.InRange(taken.Stacks.Length, 100, 2048);
        Assert.StartsWith("where the trainer stood", taken.Why, StringComparison.Ordinal);
        Assert.Equal((taken.Stacks, AttemptPhase.Cleaning), (scene.Newest.Stacks, scene.Newest.Phase));
    }

    [Fact]
    public void Nobody_looks_at_the_stacks_of_what_does_not_hang()
    {
        var scene = new Scene(new JobTerms { Stall = null }).Reach(AttemptPhase.Running);
        scene.Tick(1, new PauseCommand("eva"));

        Assert.False(Assert.IsType<DrainTrainer>(scene.Owed.OfType<CommandAgent>().Single().Command).Stacks);
        Assert.DoesNotContain(scene.Say(s => new DrainDone(true, true, "") { Seq = s, At = scene.Now, Stacks = "lies" }), e => e is StacksTaken);
    }

    [Fact]
    public void The_next_attempt_begins_beside_an_unconfirmed_one_only_after_the_wait_and_says_so()
    {
        var scene = new Scene(new JobTerms { Stall = null }).Reach(AttemptPhase.Running);
        (scene.AgentTalks, scene.ListAnswers) = (false, false);
        scene.Tick(900);
        Assert.Equal((EndReason.HostSilent, AttemptPhase.Terminating), (scene.Newest.Reason, scene.Newest.Phase));

        Assert.Empty(scene.Tick(899));
        Assert.Contains("both may cost", scene.Tick(1).OfType<AttemptPlanned>().Single().Why, StringComparison.Ordinal);

        // The old one stays owed until it is gone.
        Assert.Contains(scene.Owed, e => e is DestroyInstance { InstanceId: "i1" });
    }

    [Fact]
    public void Waits_double_for_attempts_that_get_nowhere_and_start_over_once_training_begins()
    {
        var scene = new Scene();
        var waits = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            scene.Reach(AttemptPhase.Launching);
            scene.Tick(1, new LaunchRejected(scene.Newest.Number, 1, RefusalKind.NoCapacity, "no"));
            waits.Add((scene.State.NotBefore!.Value - scene.Now).TotalSeconds);
            scene.Tick(waits[^1]);
        }

        for (var i = 0; i < waits.Count; i++)
        {
            var middle = Math.Min(300, 5 * Math.Pow(2, i));
            Assert.InRange(waits[i], middle * 0.8, middle * 1.2);
        }
    }

    [Fact]
    public void Interruptions_are_counted_and_given_up_after_as_many_as_the_spec_says()
    {
        var scene = new Scene(new JobTerms { GiveUpAfter = 2 });
        scene.Reach(AttemptPhase.Running);
        scene.LoseInstance();
        Assert.Null(scene.State.Verdict);
        scene.Reach(AttemptPhase.Running);
        scene.LoseInstance();

        Assert.Equal((JobPhase.Failed, 2), (scene.State.Phase, scene.State.Interruptions));
    }
}
