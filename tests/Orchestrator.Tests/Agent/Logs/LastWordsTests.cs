using Orchestrator.Agent;
using Orchestrator.Agent.Logs;
using Orchestrator.Agent.Progress;
using Orchestrator.Protocol;
using Orchestrator.Recovery;
using Xunit;

namespace Orchestrator.Tests.Agent.Logs;

public sealed class LastWordsTests : IDisposable
{
    private const string Memory = "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB\n";

    private readonly TemporaryFolder _root = new();

    [Fact]
    public void An_error_that_scrolled_out_of_the_tail_is_found()
    {
        var (log, progress, order) = Trainer("step 1\n" + Memory + string.Concat(Enumerable.Range(0, 3000).Select(line => $"[rank{line % 8}] dump of the flight recorder\n")));

        Assert.DoesNotContain("CUDA", log.Tail(4096), StringComparison.Ordinal);
        Assert.Contains("CUDA out of memory", Assert.Single(LastWords.Marked(log, order, progress.IsProgress)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_trainer_went_on_after_is_not_why_it_ended()
    {
        var (log, progress, order) = Trainer(Memory + "{\"step\": 7, \"loss\": 0.5}\nbucket 3 is empty\nKeyError: 'x'\n", "bucket [0-9]+ is empty");

        Assert.Equal<string>(["bucket 3 is empty"], LastWords.Marked(log, order, progress.IsProgress));
        Assert.Null(LogFingerprints.Find([], "KeyError: 'x'\n", LastWords.Marked(log, order, progress.IsProgress)));
    }

    public void Dispose() => _root.Dispose();

    private (TrainerLog Log, ProgressTracker Progress, TrainerOrder Order) Trainer(string text, params string[] marks)
    {
        var folder = new AgentFolder(_root.Path);
        folder.Create();
        var order = new TrainerOrder { JobId = "1", JobName = "a", Attempt = 1, AttemptPrefix = "p/", Command = ["x"], LogMarks = [.. marks] };
        var state = new StateFile(folder.State);
        state.Change(s => s with { Order = order });
        File.WriteAllText(folder.TrainerLog, text);
        var log = new TrainerLog(folder, state);
        var progress = new ProgressTracker(folder, state, log);
        progress.ReadToEnd();
        return (log, progress, order);
    }
}
