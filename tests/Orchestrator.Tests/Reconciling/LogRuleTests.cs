using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Orchestrator.Recovery;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class LogRuleTests
{
    private const string Memory = "Traceback\ntorch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB\nncclRemoteError: remote process exited\n";
    private const string Ecc = "RuntimeError: CUDA error: uncorrectable ECC error encountered\n";

    [Theory]
    [InlineData(Memory, LogRuleAction.Fail, "resources.gpu")]
    [InlineData(Ecc, LogRuleAction.RetryElsewhere, "ECC")]
    [InlineData("kernel: NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.", LogRuleAction.RetryElsewhere, "Xid")]
    [InlineData("torch.distributed.DistBackendError: NCCL error in: x.cpp:1970, ncclSystemError: System call failed", LogRuleAction.RetryElsewhere, "NCCL")]
    [InlineData("RuntimeError: The NVIDIA driver on your system is too old: CUDA driver version is insufficient for CUDA runtime version", LogRuleAction.RetryElsewhere, "driver")]
    public void What_everybody_needs_is_built_in(string tail, LogRuleAction then, string words)
    {
        var found = LogFingerprints.Find([], tail);

        Assert.Equal((then, false), (found?.Then, found!.IsOwn));
        Assert.Contains(words, found.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("KeyError: 'x'")]
    [InlineData("epoch 3: memory 12 GiB, NCCL version 2.21\nValueError")]
    public void Other_words_say_nothing(string tail) => Assert.Null(LogFingerprints.Find([], tail));

    [Fact]
    public void The_first_rule_of_the_spec_that_matches_counts_and_ignore_silences_what_is_built_in()
    {
        ImmutableArray<LogRule> rules = [Rule("bucket [0-9]+ empty", LogRuleAction.Restart), Rule("CUDA", LogRuleAction.Ignore), Rule("Error", LogRuleAction.Fail)];

        Assert.Equal(LogRuleAction.Restart, LogFingerprints.Find(rules, "bucket 7 empty\nIOError\n")?.Then);
        Assert.Equal(LogRuleAction.Fail, LogFingerprints.Find(rules, "bucket x empty\nIOError\n")?.Then);
        Assert.Null(LogFingerprints.Find(rules, Ecc));
    }

    [Fact]
    public void A_card_that_is_too_small_fails_the_job_whatever_restarts_are_left()
    {
        var scene = Running(new JobTerms { Stall = null, Restarts = 5 });

        Fail(scene, Memory);

        Assert.Equal(JobPhase.Failed, scene.State.Verdict?.Phase);
        Assert.Contains("smaller batch", scene.State.Verdict!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hosts_fault_is_an_interruption_and_costs_no_restart()
    {
        var scene = Running(new JobTerms { Stall = null });

        Fail(scene, Ecc);

        Assert.Equal((EndReason.HostFailed, JobPhase.Recovering, 1, 0), (scene.Newest.Reason, scene.State.Phase, scene.State.Interruptions, scene.State.UserFailures));
    }

    [Fact]
    public void What_follows_the_job_to_a_second_host_is_its_own()
    {
        var scene = Running(new JobTerms { Stall = null });
        Fail(scene, Ecc);
        Again(scene);

        Fail(scene, Ecc);

        Assert.Equal((EndReason.TrainerFailed, JobPhase.Failed), (scene.Newest.Reason, scene.State.Verdict?.Phase));
        Assert.Contains("two hosts in a row", scene.Newest.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_on_which_it_got_further_is_none_in_a_row()
    {
        var scene = Running(new JobTerms { Stall = null, HasCheckpoints = true });
        Fail(scene, Ecc);
        Again(scene);
        scene.Checkpoint(1, 10);

        Fail(scene, Ecc);

        Assert.Equal(EndReason.HostFailed, scene.Newest.Reason);
        Assert.Null(scene.State.Verdict);
    }

    [Fact]
    public void A_rule_that_restarts_does_so_whatever_the_exit_code_and_within_the_restarts()
    {
        var scene = Running(new JobTerms { Stall = null, Restarts = 1, RestartOn = [42], LogRules = [Rule("lost connection", LogRuleAction.Restart)] });

        Fail(scene, "lost connection to the tracker\n");
        Assert.Null(scene.State.Verdict);
        Assert.Equal(1, scene.State.UserFailures);
        Again(scene);
        Fail(scene, "lost connection to the tracker\n");

        Assert.Equal(JobPhase.Failed, scene.State.Verdict?.Phase);
    }

    [Fact]
    public void What_scrolled_out_of_the_tail_counts_where_the_host_marked_it()
    {
        var scene = Running(new JobTerms { Stall = null });

        scene.Say(s => new TrainerEnded { Seq = s, At = scene.Now, ExitCode = 1, Tail = "[rank3] dump\n", Marked = [Ecc.Trim()] });

        Assert.Equal(EndReason.HostFailed, scene.Newest.Reason);
        Assert.Contains("ECC", scene.Newest.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_do_not_stand_for_a_cause_that_is_known()
    {
        // pip printed a warning about the driver, and ran into its time-out.
        var setup = Running(new JobTerms { Stall = null, Setup = TimeSpan.FromMinutes(1) });
        setup.Say(s => new TrainerEnded { Seq = s, At = setup.Now, ExitCode = 124, InSetup = true, TimedOut = true, Tail = "Failed to initialize NVML\n" });
        Assert.Equal(EndReason.SetupFailed, setup.Newest.Reason);
        Assert.Contains("time-out", setup.Newest.Why, StringComparison.Ordinal);

        // It was drained, and its other ranks said what they say when one is gone.
        var drained = Running(new JobTerms { Stall = null });
        drained.Tick(1, new CancelCommand("eva"));
        var exited = drained.Say(s => new TrainerEnded { Seq = s, At = drained.Now, ExitCode = 143, Tail = "ncclRemoteError: remote process exited\n" }).OfType<TrainerExited>().Single();
        Assert.Null(exited.LogSays);
        Assert.DoesNotContain("NCCL", exited.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_long_log_the_newest_line_of_each_rule_is_picked()
    {
        var marks = new LogMarks(["bucket [0-9]+", "("]);
        foreach (var line in (string[])["bucket 1", "fine", Ecc, "bucket 2 " + new string('x', 5000), new string('y', 3000) + "CUDA out of memory" + new string('z', 3000)])
        {
            marks.Look(line);
        }

        Assert.Equal(3, marks.Lines().Length);
        Assert.All(marks.Lines(), line => Assert.True(line.Length <= 1000, line));
        Assert.Equal(["uncorrectable ECC", "bucket 2", "CUDA out of memory"], marks.Lines().Select((line, at) => ((string[])["uncorrectable ECC", "bucket 2", "CUDA out of memory"])[at] is var part && line.Contains(part, StringComparison.Ordinal) ? part : line));

        marks.Forget();
        Assert.Empty(marks.Lines());
    }

    private static LogRule Rule(string match, LogRuleAction then) => new() { Match = match, Then = then };

    private static Scene Running(JobTerms terms) => new Scene(terms).Reach(AttemptPhase.Running);

    private static void Fail(Scene scene, string tail) => scene.Say(s => new TrainerEnded { Seq = s, At = scene.Now, ExitCode = 1, Tail = tail });

    /// <summary>The failed attempt is wound down, and the next one trains elsewhere.</summary>
    private static void Again(Scene scene)
    {
        scene.Say(s => new DrainDone(true, true, "") { Seq = s, At = scene.Now }, s => new HostCleaned(true, "") { Seq = s, At = scene.Now });
        scene.Tick(1, new DestroyReplied(scene.Newest.Number, $"i{scene.Newest.Number}", true));
        scene.Offers = [Scene.Offer("o2", "sim/2", 1)];
        scene.Tick(3600);
        scene.Reach(AttemptPhase.Running);
        Assert.Equal((2, AttemptPhase.Running), (scene.Newest.Number, scene.Newest.Phase));
    }
}
