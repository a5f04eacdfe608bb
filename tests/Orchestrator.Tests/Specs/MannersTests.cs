using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class MannersTests
{
    [Theory]
    [InlineData("resources:\n  accelerators: A100-80GB:8", "job.yaml:2:3: unknown key \"accelerators\" (SkyPilot); here it is resources.gpu: \"A100-80GB:8\"")]
    [InlineData("resources:\n  accelerators: {H100: 4}", "job.yaml:2:3: unknown key \"accelerators\" (SkyPilot); here it is resources.gpu: \"H100:4\"")]
    [InlineData("envs: {A: 1}", "job.yaml:1:1: unknown key \"envs\" (SkyPilot); here it is env: {NAME: value}")]
    [InlineData("file_mounts: {/a: ./b}", "job.yaml:1:1: unknown key \"file_mounts\" (SkyPilot); here it is data: {/to: from}")]
    [InlineData("commands: [a]", "job.yaml:1:1: unknown key \"commands\" (dstack); here it is run: |, one script")]
    [InlineData("spot_policy: auto", "job.yaml:1:1: unknown key \"spot_policy\" (dstack); here it is reliability.capacity: auto, on-demand or interruptible")]
    [InlineData("resources: {use_spot: true}", "job.yaml:1:13: unknown key \"use_spot\" (SkyPilot); here it is reliability.capacity: interruptible or on-demand")]
    [InlineData("max_price: 0.5", "job.yaml:1:1: unknown key \"max_price\" (dstack); here it is budget.max-hourly: 0.5")]
    [InlineData("workdir: .", "job.yaml:1:1: unknown key \"workdir\" (SkyPilot); here it is code: .")]
    [InlineData("num_nodes: 2", "job.yaml:1:1: unknown key \"num_nodes\" (SkyPilot); here it is nodes: 2")]
    public void Names_of_other_tools_are_recognised(string text, string line) =>
        Assert.Contains(line, ProblemPrinter.Print(SpecCase.Read(text)).Split('\n'));

    [Fact]
    public void Env_values_are_taken_as_written()
    {
        var env = SpecCase.Spec(SpecCase.With("env: {A: 010, B: on, C: ~, D: 1e-4, E: null, F: , G: '3'}\n")).Env;

        Assert.Equal(["010", "on", "~", "1e-4", "null", "", "3"], env.Values);
    }

    [Fact]
    public void A_value_in_brackets_may_go_on_in_the_next_line() =>
        Assert.Equal("x y", SpecCase.Spec(SpecCase.With("labels: {a: x\n  y,\n  b: z}\n")).Labels["a"]);

    [Fact]
    public void Underscores_are_accepted_as_hyphens()
    {
        var spec = SpecCase.Spec(SpecCase.With("max_runtime: 1h30m\non_failure: {restart_on: [3]}\n"));

        Assert.Equal(TimeSpan.FromMinutes(90), spec.MaxRuntime);
        Assert.Equal(3, Assert.Single(spec.OnFailure.RestartOn));
    }

    [Fact]
    public void What_does_not_work_yet_is_a_placed_note_and_makes_the_spec_unavailable()
    {
        var result = SpecCase.With("tunnels: [6006]\nneeds: [a]\n");

        Assert.False(result.HasErrors);
        Assert.Equal(["5:1 tunnels", "6:1 needs"], result.Unavailable.Select(problem => $"{problem.Line}:{problem.Column} {problem.Path}"));
    }

    [Theory]
    [InlineData("data: {/d: ./x}")]
    [InlineData("data: {/d: /abs/x}")]
    [InlineData("code: .")]
    [InlineData("code: {path: ./src, to: /app}")]
    [InlineData("outputs: [{from: /out, when: always, every: 10m}]")]
    [InlineData("timeouts: {boot: auto, stall: 5m}")]
    [InlineData("on-failure: {restarts: 2, restart-on: 3}")]
    [InlineData("progress: {file: /out/p.jsonl, total: 5}")]
    [InlineData("progress: {stop-when: loss is nan}")]
    [InlineData("on-failure: {keep-host: 1h}")]
    [InlineData("on-failure: {keep-host: {for: 1h, max-cost: $2}}")]
    [InlineData("secrets: {HF_TOKEN: hf}")]
    [InlineData("data: {/d: s3://b/x/}")]
    [InlineData("data: [{from: job://o/outputs, to: /d}]")]
    [InlineData("outputs: [{from: /out, to: s3://b/x/}]")]
    public void What_this_issue_owns_is_available(string lines)
    {
        var result = SpecCase.With(lines + "\n");

        Assert.False(result.HasErrors, ProblemPrinter.Print(result));
        Assert.Empty(result.Unavailable);
    }

    [Theory]
    [InlineData("tunnels: [8888]", "tunnels")]
    public void What_later_issues_own_is_unavailable(string lines, string path)
    {
        var result = SpecCase.With(lines + "\n");

        Assert.False(result.HasErrors, ProblemPrinter.Print(result));
        Assert.Equal([path], result.Unavailable.Select(problem => problem.Path));
    }

    [Fact]
    public void The_auto_rhythm_is_available_where_the_trainer_can_be_asked()
    {
        var result = SpecCase.Read(
            "run: x\nresources: {gpu: 4090, disk: auto}\ncheckpoints: {path: /c, every: auto, request: {signal: usr1}}\nbudget: {max-total: 1}\n");

        Assert.Empty(result.Unavailable);
        Assert.Equal(RhythmKind.Auto, SpecCase.Spec(result).Checkpoints!.Every.Kind);
        Assert.Equal("SIGUSR1", SpecCase.Spec(result).Checkpoints!.Request!.Signal);
    }

    [Fact]
    public void Set_beats_the_job_and_the_job_beats_server_defaults()
    {
        var result = SpecCase.With("max-runtime: 1h\n", SpecCase.Options with
        {
            Sets = [SpecSetting.Parse("budget.max-total=$7")!, SpecSetting.Parse("env.A=010")!],
            ServerDefaults = [new("max-runtime", "9h"), new("timeouts.stall", "5m"), new("progress", "{format: tqdm}")],
        });
        var spec = SpecCase.Spec(result);
        var origins = result.ExpandedView.ToDictionary(value => value.Path, value => value.Origin);

        Assert.Equal((Money.FromDollars(7), TimeSpan.FromHours(1), TimeSpan.FromMinutes(5)), (spec.Budget.MaxTotal!.Value, spec.MaxRuntime!.Value, spec.Timeouts.Stall));
        Assert.Equal((ProgressFormat.Tqdm, "010"), (spec.Progress.Format, spec.Env["A"]));
        Assert.Equal(
            (SpecOrigin.Set, SpecOrigin.Set, SpecOrigin.Job, SpecOrigin.ServerDefault, SpecOrigin.BuiltIn),
            (origins["budget.max-total"], origins["env.A"], origins["max-runtime"], origins["timeouts.stall"], origins["timeouts.setup"]));
    }

    [Fact]
    public void A_wrong_setting_is_named_as_such()
    {
        var result = SpecCase.With("", SpecCase.Options with { Sets = [SpecSetting.Parse("budgets.max-total=$7")!] });

        Assert.Equal("--set budgets.max-total: unknown key \"budgets\"; did you mean budget?\n", ProblemPrinter.Print(result));
    }

    [Fact]
    public void An_exclusion_needs_no_quotes_in_a_block_list() =>
        Assert.Equal([new ProviderChoice { Name = "vast", Excluded = true }], SpecCase.Spec(SpecCase.With("providers:\n  - !vast\n")).Providers.AsEnumerable());

    [Fact]
    public void An_exclusion_without_quotes_in_a_flow_list_says_to_quote_it() =>
        Assert.Contains("quote it", ProblemPrinter.Print(SpecCase.With("providers: [runpod, !vast]\n")), StringComparison.Ordinal);
}
