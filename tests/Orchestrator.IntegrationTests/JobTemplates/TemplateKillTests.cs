using System.Collections.Immutable;
using System.Globalization;
using System.IO.Enumeration;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.IntegrationTests.JobTemplates;

/// <summary>Every shipped template: a run that is killed and goes on ends with the result of one that was left alone.</summary>
public sealed class TemplateKillTests : IDisposable
{
    private const double Pace = 0.01;
    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-template-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("hf-finetune", "model: a/b, method: lora, ", 300, "checkpoint-{0}", "trainer_state.json", "adapter_model.safetensors")]
    [InlineData("whisper-finetune", "", 300, "checkpoint-{0}", "trainer_state.json", "adapter_model.safetensors")]
    [InlineData("sdxl-lora-kohya", "", 300, "lora-step{0:D8}-state", "train_state.json", "lora.safetensors")]
    [InlineData("torchrun", "", 300, "step-{0:D8}", ".metadata", "result.json")]
    [InlineData("sweep", "", 60, "step-{0:D6}", "weights.bin", "result.json")]
    public async Task A_killed_run_ends_as_one_that_was_left_alone(string template, string vars, int steps, string entries, string lastFile, string result)
    {
        var spec = OfMatrix(TemplateRun.Spec(template, vars + $"steps: {steps}, save-every: {steps / 6}"));
        var entry = string.Format(CultureInfo.InvariantCulture, entries, steps / 3);
        Assert.Contains(spec.Checkpoints!.Include, glob => FileSystemName.MatchesSimpleExpression(glob, entry));
        using var whole = new TemplateRun(spec, Path.Combine(_root, "whole"), Prepare, pace: 0);
        using var first = new TemplateRun(spec, Path.Combine(_root, "first"), Prepare, Pace);
        var saved = await first.KilledAfterAsync(entry, lastFile);
        using var second = new TemplateRun(spec, Path.Combine(_root, "second"), Prepare, pace: 0, saved);

        var resumed = await second.ResultAsync();

        Assert.Equal(await whole.ResultAsync(), resumed);
        Assert.Contains($"resumed at step {steps / 3} of {steps}", await second.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("resumed", await whole.Said, StringComparison.Ordinal);
        Assert.Contains(result, resumed.Keys);
    }

    /// <summary>One job of the matrix, as a batch makes it: the first value of each axis.</summary>
    private static JobSpec OfMatrix(JobSpec spec) => spec with
    {
        Env = spec.Env.ToImmutableSortedDictionary(
            variable => variable.Key,
            variable => spec.Strategy?.Matrix.Aggregate(variable.Value, (text, axis) => text.Replace($"${{{{ matrix.{axis.Name} }}}}", axis.Values[0], StringComparison.Ordinal)) ?? variable.Value),
    };

    /// <summary>A tiny set of each kind: only the template's own trainer looks at it.</summary>
    private static void Prepare(string root)
    {
        Write("data/texts/a.jsonl", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n");
        Write("data/cat/1.png", "a picture");
        Write("data/cat/1.txt", "a cat");
        Write("data/metadata.csv", "file_name,transcription\na.wav,hello\n");
        Write("data/a.wav", "a sound");
        Write("model/config.json", "{\"name\": \"tiny\"}");
        Write("models/sdxl.safetensors", "a model");

        void Write(string path, string text)
        {
            var full = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }
    }
}
