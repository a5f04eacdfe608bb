using System.Diagnostics;
using System.Text.Json;

namespace Orchestrator.IntegrationTests.JobTemplates;

/// <summary>One python3 process running the quick start's trainer as an attempt would, in folders of its own.</summary>
internal sealed class TrainerRun : IDisposable
{
    private static readonly string Templates = Path.Combine(Repository.Root, "job-templates");
    private readonly Process process;
    private readonly string folder;

    /// <param name="folder">Gets <c>ckpt</c>, <c>out</c> and <c>progress.jsonl</c>; the caller deletes it.</param>
    /// <param name="resumeFrom">A checkpoint entry's path, or null for a first attempt.</param>
    public TrainerRun(string folder, int steps, int saveEvery, string? resumeFrom)
    {
        this.folder = folder;
        var start = new ProcessStartInfo("python3", ["train.py"])
        {
            WorkingDirectory = Path.Combine(Templates, "quickstart"),
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["STEPS"] = steps.ToString();
        start.Environment["SAVE_EVERY"] = saveEvery.ToString();
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["ORCHESTRATOR_DATA_DIR"] = Path.Combine(Templates, "quickstart-data");
        start.Environment["ORCHESTRATOR_CHECKPOINT_DIR"] = Checkpoints;
        start.Environment["ORCHESTRATOR_OUTPUT_DIR"] = Path.Combine(folder, "out");
        start.Environment["ORCHESTRATOR_PROGRESS_FILE"] = ProgressFile;
        start.Environment["ORCHESTRATOR_IS_RESUME"] = resumeFrom is null ? "0" : "1";
        start.Environment["ORCHESTRATOR_RESUME_FROM"] = resumeFrom ?? "";
        process = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start");
        Output = process.StandardOutput.ReadToEndAsync();
        Errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => process.Id;

    public Task<string> Output { get; }

    public Task<string> Errors { get; }

    public string Checkpoints => Path.Combine(folder, "ckpt");

    public string ProgressFile => Path.Combine(folder, "progress.jsonl");

    public JsonElement Result =>
        JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(folder, "out", "result.json")));

    public void Kill() => process.Kill();

    /// <summary>Waits until the trainer has ended and returns its exit code (128 + signal when a signal ended it).</summary>
    public async Task<int> ExitCodeAsync(TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        await process.WaitForExitAsync(deadline.Token);
        return process.ExitCode;
    }

    /// <summary>Polls until the trainer, still running, has published the entry of a step.</summary>
    public async Task<string> EntryAsync(int step, TimeSpan within)
    {
        var entry = Path.Combine(Checkpoints, $"step-{step:D6}");
        for (var waited = Stopwatch.StartNew(); !Directory.Exists(entry); await Task.Delay(10))
        {
            if (waited.Elapsed > within || process.HasExited)
            {
                throw new TimeoutException($"no {entry} after {waited.Elapsed}; the trainer said: {(process.HasExited ? await Errors : "nothing yet")}");
            }
        }

        return entry;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
