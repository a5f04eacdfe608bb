using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class RuleTests
{
    [Fact]
    public void An_empty_mapping_lists_what_a_spec_needs()
    {
        var errors = SpecCase.Errors(SpecCase.Read("{}"));

        Assert.Equal(["checkpoints is missing", "nothing to run", "resources.gpu is missing"], errors.Select(problem => problem.What).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", Severity.Note)]
    [InlineData("providers: [vast, local]", Severity.Note)]
    [InlineData("providers: [vast, runpod/secure]", Severity.Error)]
    [InlineData("providers: [ssh/lab-1, local]", null)]
    [InlineData("providers: [vast]\nbatch: {name: b, budget: $5}", null)]
    public void A_budget_is_required_where_money_is_spent(string lines, Severity? severity)
    {
        var result = SpecCase.Read("run: x\nresources: {gpu: none}\ncheckpoints: none\n" + lines + "\n");

        Assert.Equal(severity, result.Problems.FirstOrDefault(problem => problem.Path == "budget.max-total")?.Severity);
    }

    [Theory]
    [InlineData("6h", false)]
    [InlineData("6h1m", true)]
    public void A_host_goes_on_alone_no_longer_than_it_can_store_checkpoints(string lease, bool refused) =>
        Assert.Equal(
            refused,
            SpecCase.Errors(SpecCase.With($"reliability: {{host-lease: {lease}}}\n")).Any(problem => problem.Path == "reliability.host-lease" && problem.What.Contains("for 6 h without us", StringComparison.Ordinal)));

    [Theory]
    [InlineData("python t.py --out /ckpt", true)]
    [InlineData("python t.py --out=/ckpt/x", true)]
    [InlineData("cat \"/data\"", true)]
    [InlineData("python t.py --out $ORCHESTRATOR_CHECKPOINT_DIR", false)]
    [InlineData("python t.py --out $HOME/ckpt", false)]
    [InlineData("python t.py --out /output", false)]
    public void A_container_path_without_a_container_is_noted(string run, bool noted)
    {
        var result = SpecCase.Read($"run: '{run}'\nresources: {{gpu: none}}\ncheckpoints: none\nbudget: {{max-total: 1}}\n");

        Assert.Equal(noted, result.Problems.Any(problem => problem.Path == "run" && problem.What.Contains("without an image", StringComparison.Ordinal)));
        Assert.False(result.HasErrors);
    }

    [Fact]
    public void With_an_image_container_paths_are_fine() =>
        Assert.DoesNotContain(SpecCase.With("image: a:b\nsetup: ls /data\n").Problems, problem => problem.Path == "run");

    [Fact]
    public void Resume_true_of_the_hf_trainer_is_noted() =>
        Assert.Contains("resume_from_checkpoint=True", ProblemPrinter.Print(SpecCase.Read(
            "run: python -c 'trainer.train(resume_from_checkpoint = True)'\nresources: {gpu: none}\ncheckpoints: none\nbudget: {max-total: 1}\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("huggingface", "checkpoint-*", "--resume_from_checkpoint {path}", CompletionKind.Settle)]
    [InlineData("lightning", "*.ckpt", "--ckpt_path {path}", CompletionKind.Settle)]
    [InlineData("torch-dcp", "*", null, CompletionKind.Marker)]
    [InlineData("kohya", "*-state", "--resume {path}", CompletionKind.Settle)]
    [InlineData("files", "*", null, CompletionKind.Settle)]
    public void A_checkpoint_format_fills_in_what_is_not_written(string format, string include, string? resumeArgs, CompletionKind complete)
    {
        var checkpoints = SpecCase.Spec(SpecCase.Read(
            $"run: x\nresources: {{gpu: none}}\ncheckpoints: {{path: /c/, format: {format}}}\nbudget: {{max-total: 1}}\n")).Checkpoints!;

        Assert.Equal(("/c", include, resumeArgs, complete), (checkpoints.Path, checkpoints.Include[0], checkpoints.ResumeArgs, checkpoints.Complete.Kind));
    }

    [Theory]
    [InlineData("[{from: /ckpt/}]", "outputs[0].from")]
    [InlineData("[{from: /out}, {from: /out/}]", "outputs[1].from")]
    [InlineData("[{from: /out, to: a}, {from: /out, to: b}, {from: /ckpt/best}]", null)]
    public void Outputs_that_are_stored_anyway_are_noted(string outputs, string? place)
    {
        var result = SpecCase.Read($"run: x\nresources: {{gpu: none}}\ncheckpoints: {{path: /ckpt}}\nbudget: {{max-total: 1}}\noutputs: {outputs}\n");

        Assert.Equal(place, result.Problems.SingleOrDefault(problem => problem.Path.StartsWith("outputs", StringComparison.Ordinal))?.Path);
        Assert.False(result.HasErrors, ProblemPrinter.Print(result));
    }

    [Theory]
    [InlineData("data: {/ckpt/start: ./x}", "data[0].to", Severity.Error)]
    [InlineData("data: {/ckpt: ./x}", "checkpoints.path", Severity.Error)]
    [InlineData("code: {path: ., to: /ckpt}", "checkpoints.path", Severity.Error)]
    [InlineData("code: {path: ., to: /ckpt/code}", "code.to", Severity.Error)]
    [InlineData("data: {/data: ./x, /data/sub: ./y}", "data[1].to", Severity.Note)]
    [InlineData("code: {path: ., to: /w}\ndata: {/data: ./x, /data2: ./y}", null, null)]
    public void Places_that_lie_in_each_other_are_told(string lines, string? place, Severity? severity)
    {
        var result = SpecCase.Read("run: x\nresources: {gpu: none}\ncheckpoints: {path: /ckpt}\nbudget: {max-total: 1}\n" + lines + "\n");

        var told = result.Problems.FirstOrDefault(problem => problem.Path is "checkpoints.path" or "code.to" || problem.Path.EndsWith("].to", StringComparison.Ordinal));
        Assert.Equal((place, severity), (told?.Path, told?.Severity));
    }

    [Fact]
    public void What_is_written_beats_the_format()
    {
        var checkpoints = SpecCase.Spec(SpecCase.Read(
            "run: x\nresources: {gpu: none}\ncheckpoints: {path: /c, format: huggingface, include: 'run-*', resume-args: '', complete: {rename: true}}\nbudget: {max-total: 1}\n")).Checkpoints!;

        Assert.Equal(("run-*", null, CompletionKind.Rename), (Assert.Single(checkpoints.Include), checkpoints.ResumeArgs, checkpoints.Complete.Kind));
    }

    [Theory]
    [InlineData("[eu, '!eu']", true)]
    [InlineData("[eu, '!DE']", false)]
    public void A_region_is_not_named_and_excluded_at_once(string regions, bool refused)
    {
        var result = SpecCase.Read($"run: x\nresources: {{gpu: none}}\ncheckpoints: none\nbudget: {{max-total: 1}}\nreliability: {{regions: {regions}}}\n");

        Assert.Equal(refused, result.Problems.Any(problem => problem is { Path: "reliability.regions", Severity: Severity.Error }));
    }

    [Theory]
    [InlineData("4090", "RTX 4090", "1")]
    [InlineData("RTX_4090:2", "RTX 4090", "2")]
    [InlineData("NVIDIA GeForce RTX 4090", "RTX 4090", "1")]
    [InlineData("A100-80GB:2..4", "A100-80GB", "2..4")]
    [InlineData("8x H100", "H100-80GB", "8")]
    [InlineData("{model: a100_80gb, count: 4}", "A100-80GB", "4")]
    public void A_card_is_known_by_any_usual_spelling(string gpu, string model, string count)
    {
        var requirement = Assert.Single(SpecCase.Spec(SpecCase.Read($"run: x\nresources: {{gpu: {gpu}}}\ncheckpoints: none\nbudget: {{max-total: 1}}\n")).Resources.Gpu);

        Assert.Equal((model, count), (requirement.Model, requirement.Count.ToString()));
    }

    [Fact]
    public void Local_paths_start_from_the_specs_folder()
    {
        var spec = SpecCase.Spec(SpecCase.With("code: ../src\ndata: {/a: ./x, /b: /abs/y}\n"));

        Assert.Equal("/home/ann/src", spec.Code!.Folder);
        Assert.Equal(["/home/ann/jobs/x", "/abs/y"], spec.Data.Select(mount => mount.From));
    }

    [Theory]
    [InlineData("providers: [vast, '!vast']", "providers", Severity.Error, "vast is named and excluded")]
    [InlineData("providers: [runpod/secure, '!runpod']", "providers", Severity.Error, "all of runpod is excluded")]
    [InlineData("providers: [vst, local]", "providers[0]", Severity.Note, "vst is no provider")]
    [InlineData("providers: [runpod/secure, ssh/lab-1]", null, Severity.Note, "")]
    [InlineData("reliability: {regions: [eu, UK]}", "reliability.regions[1]", Severity.Note, "UK is no country's code")]
    [InlineData("reliability: {regions: [eu, GB, '!fr']}", null, Severity.Note, "")]
    [InlineData("reliability: {capacity: spot, on-demand-after: 0}", "reliability.on-demand-after", Severity.Note, "does nothing")]
    [InlineData("reliability: {capacity: spot}", null, Severity.Note, "")]
    [InlineData("reliability: {capacity: spot, tier: datacenter}", "reliability.tier", Severity.Note, "nothing would fit")]
    [InlineData("schedule: {start-below: 0}", "schedule.start-below", Severity.Error, "never start")]
    public void A_policy_that_contradicts_itself_or_means_nothing_is_told(string lines, string? place, Severity severity, string words)
    {
        var problem = SpecCase.Read("run: x\nresources: {gpu: none}\ncheckpoints: none\nbudget: {max-total: 1}\n" + lines + "\n").Problems.SingleOrDefault();

        Assert.Equal(place, problem?.Path);
        Assert.True(problem is null || (problem.Severity == severity && problem.What.Contains(words, StringComparison.Ordinal)), problem?.What);
    }
}
