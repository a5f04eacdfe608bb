using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Orchestrator.IntegrationTests.JobTemplates;

public sealed class QuickstartTrainerTests : IDisposable
{
    private const int Steps = 300;
    private const int SaveEvery = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly string root = Directory.CreateTempSubdirectory("orchestrator-trainer-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task A_killed_and_resumed_run_ends_with_the_same_weights_as_an_uninterrupted_one()
    {
        using var whole = Start("whole", resumeFrom: null);
        using var first = Start("first", resumeFrom: null);
        var entry = await first.EntryAsync(2 * SaveEvery, Patience);
        first.Kill();
        Assert.NotEqual(0, await first.ExitCodeAsync(Patience));
        using var second = Start("second", entry);

        Assert.Equal(0, await second.ExitCodeAsync(Patience));
        Assert.Equal(0, await whole.ExitCodeAsync(Patience));
        Assert.Contains($"resumed at step {2 * SaveEvery} of {Steps}", await second.Output);
        Assert.Equal(whole.Result.GetRawText(), second.Result.GetRawText());
        Assert.Equal(64, second.Result.GetProperty("weights_sha256").GetString()!.Length);
        Assert.InRange(second.Result.GetProperty("metric").GetDouble(), 0.7, 1.0);
    }

    [Fact]
    public async Task On_SIGTERM_it_saves_where_it_stands_and_the_run_goes_on_from_there()
    {
        using var whole = Start("whole", resumeFrom: null);
        using var first = Start("first", resumeFrom: null);
        await first.EntryAsync(SaveEvery, Patience);
        using (var kill = Process.Start("kill", ["-TERM", first.Id.ToString()]))
        {
            await kill.WaitForExitAsync();
        }

        Assert.Equal(143, await first.ExitCodeAsync(Patience));
        var newest = Directory.GetDirectories(first.Checkpoints, "step-*").Order(StringComparer.Ordinal).Last();
        using var second = Start("second", newest);

        Assert.Equal(0, await second.ExitCodeAsync(Patience));
        Assert.Equal(0, await whole.ExitCodeAsync(Patience));
        Assert.Equal(whole.Result.GetRawText(), second.Result.GetRawText());
    }

    [Fact]
    public async Task Progress_is_one_JSON_line_per_report_up_to_the_last_step()
    {
        using var run = Start("run", resumeFrom: null);

        Assert.Equal(0, await run.ExitCodeAsync(Patience));
        var lines = File.ReadAllLines(run.ProgressFile).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.Equal(Enumerable.Range(1, Steps / 10).Select(i => i * 10), lines.Select(line => line.GetProperty("step").GetInt32()));
        Assert.All(lines, line => Assert.Equal(Steps, line.GetProperty("total").GetInt32()));
        Assert.True(lines[^1].GetProperty("loss").GetDouble() < lines[0].GetProperty("loss").GetDouble() / 2, "it does not learn");
    }

    [Fact]
    public async Task A_damaged_checkpoint_ends_the_run_with_a_clear_line_instead_of_a_start_from_nothing()
    {
        using var first = Start("first", resumeFrom: null);
        var entry = await first.EntryAsync(SaveEvery, Patience);
        first.Kill();
        await first.ExitCodeAsync(Patience);
        var weights = File.ReadAllBytes(Path.Combine(entry, "weights.bin"));
        weights[1000] ^= 1;
        File.WriteAllBytes(Path.Combine(entry, "weights.bin"), weights);

        using var second = Start("second", entry);

        Assert.Equal(1, await second.ExitCodeAsync(Patience));
        Assert.Contains("weights.bin does not match its hash", await second.Errors);
    }

    private TrainerRun Start(string name, string? resumeFrom) =>
        new(Path.Combine(root, name), Steps, SaveEvery, resumeFrom);
}
