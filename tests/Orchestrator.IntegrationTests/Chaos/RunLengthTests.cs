using System.Text.Json.Nodes;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>A real job whose checkpoints the plan asks for, and what the next plan of the same work knows from it.</summary>
public sealed class RunLengthTests : IAsyncLifetime
{
    /// <summary>It saves when it is asked and at no other time, and is done when it was asked three times.</summary>
    private const string Spec =
        """
        name: asked
        run: |
          saves=0
          step=0
          while [ "$saves" -lt 3 ]; do
            sleep 0.2
            step=$((step + 1))
            echo "{\"step\": $step}" >> "$ORCHESTRATOR_PROGRESS_FILE"
            if [ -e "$ORCHESTRATOR_CHECKPOINT_DIR/SAVE_NOW" ]; then
              rm "$ORCHESTRATOR_CHECKPOINT_DIR/SAVE_NOW"
              saves=$((saves + 1))
              echo "$step" > "$ORCHESTRATOR_CHECKPOINT_DIR/.new"
              mv "$ORCHESTRATOR_CHECKPOINT_DIR/.new" "$ORCHESTRATOR_CHECKPOINT_DIR/step-$step"
            fi
          done
        resources: {gpu: none, cpu: 1, memory: 64MB}
        checkpoints: {path: /ckpt, format: files, complete: {rename: true}, request: {file: /ckpt/SAVE_NOW}, every: auto}
        progress: jsonl

        """;

    private readonly TestServer _server = new();

    public Task InitializeAsync()
    {
        _server.Environment["ORCHESTRATOR_TUNING"] = TestServer.Tuning + ",rhythm=2";
        return _server.InitializeAsync();
    }

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_plan_asks_for_checkpoints_and_what_a_job_took_is_known_to_the_next_plan()
    {
        var folder = Path.Combine(_server.Site.Work, "asked");
        Directory.CreateDirectory(folder);
        var (guessed, unknown) = (Path.Combine(folder, "guessed.yaml"), Path.Combine(folder, "unknown.yaml"));
        await File.WriteAllTextAsync(guessed, Spec + "estimate: {time: 3s, checkpoint-size: 1KB}\n");
        await File.WriteAllTextAsync(unknown, Spec);
        Assert.Contains("nobody knows how much", (await _server.Orc("plan", unknown)).Output, StringComparison.Ordinal);

        var job = await _server.Api.SubmitAsync(guessed);
        var ended = await _server.UntilAsync(job, "succeeded", "failed", "cancelled", "paused");

        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended.ToString());
        var attempt = Assert.Single(ended["attempts"]!.AsArray())!;
        Assert.InRange(attempt["savesEverySeconds"]!.GetValue<double>(), 2, 4);
        Assert.True(attempt["interruptedEverySeconds"]!.GetValue<double>() > 3600, attempt.ToString());

        var plan = JsonNode.Parse((await _server.Orc("plan", unknown, "--json")).Output)!;
        Assert.Equal($"history: the same work in 1 earlier job, newest asked #{job}", plan["work"]!["source"]!.GetValue<string>());
        Assert.True(plan["work"]!["seconds"]!.GetValue<double>() >= 6, plan["work"]!.ToString());
    }
}
