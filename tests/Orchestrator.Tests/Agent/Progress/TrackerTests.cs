using Orchestrator.Agent;
using Orchestrator.Agent.Logs;
using Orchestrator.Agent.Progress;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Agent.Progress;

public sealed class TrackerTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    [Fact]
    public void A_metric_that_becomes_nan_is_no_number_any_more_and_keeps_the_step_at_which_it_did()
    {
        var (tracker, folder) = Tracker(new ProgressOrder());

        Log(folder, "{\"step\": 811, \"loss\": 0.5, \"lr\": 0.1}\n{\"step\": 812, \"loss\": NaN, \"lr\": 0.1}\n{\"step\": 813, \"loss\": NaN}\n");
        tracker.ReadToEnd();

        Assert.Equal(["lr"], tracker.Metrics!.Keys);
        Assert.Equal(new OddMetric(OddValue.NaN, 812), Assert.Single(tracker.NotFinite!).Value);

        Log(folder, "{\"step\": 814, \"loss\": 0.25}\n");
        tracker.ReadToEnd();

        Assert.Equal((0.25, null), (tracker.Metrics["loss"], tracker.NotFinite));
    }

    [Fact]
    public void What_is_watched_is_kept_beside_what_is_wanted()
    {
        var (tracker, folder) = Tracker(new ProgressOrder { Metrics = ["acc"], Watched = ["loss"] });

        Log(folder, "{\"step\": 1, \"acc\": 1, \"loss\": 2, \"lr\": 3}\n");
        tracker.ReadToEnd();

        Assert.Equal(["acc", "loss"], tracker.Metrics!.Keys);
    }

    [Fact]
    public void What_is_watched_is_kept_however_many_there_are()
    {
        var (tracker, folder) = Tracker(new ProgressOrder { Watched = ["zloss"] });

        Log(folder, string.Concat(Enumerable.Range(0, 20).Select(number => $"{{\"step\": {number}, \"m{number}\": 1}}\n")) + "{\"step\": 21, \"zloss\": 9}\n");
        tracker.ReadToEnd();

        Assert.Equal((17, 9d), (tracker.Metrics!.Count, tracker.Metrics["zloss"]));
    }

    public void Dispose() => _root.Dispose();

    private (ProgressTracker, AgentFolder) Tracker(ProgressOrder progress)
    {
        var folder = new AgentFolder(_root.Path);
        folder.Create();
        var state = new StateFile(folder.State);
        state.Change(s => s with { Order = new TrainerOrder { JobId = "1", JobName = "a", Attempt = 1, AttemptPrefix = "p/", Command = ["x"], Progress = progress } });
        return (new ProgressTracker(folder, state, new TrainerLog(folder, state)), folder);
    }

    private static void Log(AgentFolder folder, string text) => File.AppendAllText(folder.TrainerLog, text);
}
