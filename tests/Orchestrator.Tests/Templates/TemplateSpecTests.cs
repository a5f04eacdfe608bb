using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Tests.Specs;
using Xunit;

namespace Orchestrator.Tests.Templates;

public sealed class TemplateSpecTests : IDisposable
{
    private readonly TemplateCase _case = new();

    public void Dispose() => _case.Dispose();

    [Fact]
    public void A_template_gives_what_the_job_leaves_out_and_takes_its_vars()
    {
        var folder = _case.Add("digits", TemplateCase.Digits);

        var spec = _case.Spec("template: digits\nvars: {model: tiny, steps: 7}\n");

        Assert.Equal(("7", "hub/tiny", ""), (spec.Env["STEPS"], spec.Env["MODEL"], spec.Env["NOTE"]));
        Assert.Equal(("python train.py --steps \"$STEPS\"", folder, 5), (spec.Run, spec.Code!.Folder, spec.Checkpoints!.Keep));
        Assert.Equal(Money.FromDollars(2), spec.Budget.MaxTotal);
        Assert.Equal(["budget", "mode", "model", "note", "steps"], spec.Vars.Keys);
        Assert.Equal(("digits", "job"), (spec.Template, spec.Name));
    }

    [Fact]
    public void Set_beats_the_job_the_job_the_template_and_the_template_the_servers_defaults()
    {
        _case.Add("digits", TemplateCase.Digits);

        var read = _case.Read("template: digits\nvars: {model: tiny, budget: 3}\ncheckpoints: {keep: 4}\nenv: {OWN: '${{ vars.steps }}'}\n", "vars.steps=9", "resources.cpu=2");
        var spec = read.Spec!;
        var origins = read.ExpandedView.ToDictionary(value => value.Path, value => value.Origin);

        Assert.Equal((4, 2, TimeSpan.FromHours(2), PlanPreference.Speed), (spec.Checkpoints!.Keep, spec.Resources.Cpu, spec.MaxRuntime, spec.Prefer));
        Assert.Equal(("9", "9", Money.FromDollars(3)), (spec.Env["STEPS"], spec.Env["OWN"], spec.Budget.MaxTotal!.Value));
        Assert.Equal(
            (SpecOrigin.Set, SpecOrigin.Job, SpecOrigin.Template, SpecOrigin.ServerDefault, SpecOrigin.BuiltIn),
            (origins["resources.cpu"], origins["checkpoints.keep"], origins["checkpoints.path"], origins["prefer"], origins["timeouts.setup"]));
        Assert.Equal((SpecOrigin.Set, SpecOrigin.Job, SpecOrigin.Template), (origins["vars.steps"], origins["vars.model"], origins["vars.mode"]));
        Assert.Contains("max-runtime: 2h", ExpandedSpecPrinter.Print(read), StringComparison.Ordinal);
        Assert.Equal(SpecOrigin.Template, origins["max-runtime"]);
    }

    [Fact]
    public void Relative_paths_of_the_job_start_at_the_job_and_those_of_the_template_at_the_template()
    {
        var folder = _case.Add("digits", TemplateCase.Digits + "\ndata: {/a: ./a}\n");

        var spec = _case.Spec("template: digits\nvars: {model: m}\ndata: {/b: ./b}\n");

        Assert.Equal(["/a " + folder + "/a", "/b /home/ann/jobs/b"], spec.Data.Select(mount => $"{mount.To} {mount.From}").Order());
    }

    [Fact]
    public void A_command_of_the_job_takes_the_place_of_the_templates_script()
    {
        _case.Add("digits", TemplateCase.Digits);

        var spec = _case.Spec("template: digits\nvars: {model: m}\ncommand: [python, other.py]\n");

        Assert.Null(spec.Run);
        Assert.Equal("python other.py", string.Join(' ', spec.Command));
    }

    [Fact]
    public void An_own_template_stands_in_for_a_shipped_one()
    {
        _case.Add("digits", TemplateCase.Digits);
        _case.Add("digits", TemplateCase.Digits.Replace("keep: 5", "keep: 6", StringComparison.Ordinal), own: true);
        _case.Add("other", TemplateCase.Digits);

        Assert.Equal(6, _case.Spec("template: digits\nvars: {model: m}\n").Checkpoints!.Keep);
        Assert.Equal(["digits True", "other False"], _case.Folders.List().Select(file => $"{file.Name} {file.IsOwn}"));
    }

    [Theory]
    [InlineData("template: digitz\n", "job.yaml:1:11: there is no template \"digitz\"; did you mean digits?")]
    [InlineData("template: digits\n", "job.yaml:1:11: vars.model is missing (A model on the hub); add vars: {model: ...}")]
    [InlineData("template: digits\nvars: {steps: 3}\n", "job.yaml:2:7: vars.model is missing (A model on the hub); add vars: {model: ...}")]
    [InlineData("template: digits\nvars: {model: m, stesp: 3}\n", "job.yaml:2:18: the template has no var \"stesp\"; did you mean steps?")]
    [InlineData("template: digits\nvars: {model: m, colour: red}\n", "job.yaml:2:18: the template has no var \"colour\"; it takes steps, model, budget, note, mode")]
    [InlineData("template: digits\nvars: {model: m, steps: many}\n", "job.yaml:2:25: vars.steps: \"many\" is not a whole number; write a whole number")]
    [InlineData("template: digits\nvars: {model: m, mode: slow}\n", "job.yaml:2:24: vars.mode: \"slow\" is not one of fast, exact; write one of fast, exact")]
    [InlineData("template: digits\nvars: {model: m}\nenv: {A: '${{ vars.step }}'}\n", "job.yaml:3:10: ${{ vars.step }}: vars has no \"step\"; did you mean steps?")]
    [InlineData("template: digits\nvars: {model: '${{ vars.mode }}'}\n", "job.yaml:2:15: vars.model: one var cannot be made of another; write its value out")]
    public void What_is_wrong_with_vars_is_told_at_its_place(string text, string expected)
    {
        _case.Add("digits", TemplateCase.Digits);

        Assert.Contains(expected, _case.Problem(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_its_template_a_job_is_still_told_what_is_wrong_with_itself()
    {
        var read = _case.Read("template: gone\nmax-runtim: 3h\nmax-runtime: soon\nenv: {A: '${{ vars.any }}'}\n");

        Assert.Equal(["template", "max-runtim", "max-runtime"], read.Problems.Select(problem => problem.Path));
    }

    [Fact]
    public void A_wrong_var_on_the_command_line_is_named_as_such()
    {
        _case.Add("digits", TemplateCase.Digits);

        Assert.Equal("--set vars.steps: vars.steps: \"many\" is not a whole number; write a whole number", _case.Problem("template: digits\nvars: {model: m}\n", "vars.steps=many"));
    }

    [Theory]
    [InlineData("run: x\nmaxruntime: 3h\n", "shipped/bad/template.yaml:2:1: unknown key \"maxruntime\"; did you mean max-runtime?")]
    [InlineData("run: x\nmax-runtime: soon\n", "shipped/bad/template.yaml:2:14: max-runtime: \"soon\" is not a duration")]
    [InlineData("run: x\nrun: y\n", "shipped/bad/template.yaml:2:1: duplicate key \"run\", first on line 1; keep one")]
    [InlineData("run: x\ntemplate: digits\n", "shipped/bad/template.yaml:2:1: a template cannot stand on another one; write its fields out")]
    [InlineData("run: x\nvars: {n: {type: integer}}\n", "shipped/bad/template.yaml:2:18: vars.n.type: \"integer\" is no type; write one of string, int")]
    [InlineData("run: x\nvars: {n: {type: int, default: a}}\n", "shipped/bad/template.yaml:2:32: vars.n.default: \"a\" is not a whole number")]
    [InlineData("run: x\nvars: {n: {defualt: a, required: false}}\n", "shipped/bad/template.yaml:2:12: vars.n: unknown key \"defualt\"; did you mean default?")]
    [InlineData("run: x\nvars: {n: {type: choice, default: a}}\n", "shipped/bad/template.yaml:2:11: vars.n is a choice without options; add options: [a, b]")]
    [InlineData("run: x\nvars: {n: {default: a, required: true}}\n", "shipped/bad/template.yaml:2:34: vars.n is required and has a default; keep one of them")]
    [InlineData("run: x\nvars: {n: 4}\n", "shipped/bad/template.yaml:2:11: vars.n: a single value where a mapping belongs")]
    [InlineData("env: {A: '${{ vars.n }}'}\nvars: {m: {default: 4}}\n", "shipped/bad/template.yaml:1:10: ${{ vars.n }}: vars has no \"n\"")]
    public void What_is_wrong_with_a_template_is_told_in_its_own_file(string text, string expected)
    {
        _case.Add("bad", text);

        Assert.Contains(expected, _case.Problem("template: bad\nresources: {gpu: none}\ncheckpoints: none\nbudget: {max-total: 1}\nrun: own\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Vars_without_a_template_are_the_specs_own()
    {
        var spec = _case.Spec("vars: {cap: $4, lr: 1e-4}\nrun: train --lr ${{ vars.lr }}\nresources: {gpu: none}\ncheckpoints: none\nbudget: {max-total: '${{ vars.cap }}'}\n");

        Assert.Equal(("train --lr 1e-4", Money.FromDollars(4)), (spec.Run, spec.Budget.MaxTotal!.Value));
    }

    [Fact]
    public void A_var_may_be_made_of_the_matrix()
    {
        _case.Add("digits", TemplateCase.Digits);

        var read = _case.Read("template: digits\nvars: {model: 'm-${{ matrix.size }}', steps: '${{ matrix.steps }}'}\nstrategy: {matrix: {size: [s, l], steps: [1, 2]}}\n");

        Assert.False(read.HasErrors, ProblemPrinter.Print(read));
        Assert.Equal("hub/m-${{ matrix.size }}", read.Spec!.Env["MODEL"]);
    }

    [Fact]
    public void A_retry_reads_the_template_as_it_was()
    {
        _case.Add("digits", TemplateCase.Digits);
        var was = _case.Read("template: digits\nvars: {model: m}\n").Template!;
        var folder = _case.Add("digits", TemplateCase.Digits.Replace("keep: 5", "keep: 9", StringComparison.Ordinal).Replace("default: 100", "default: 200", StringComparison.Ordinal));

        var spec = SpecCase.Spec(SpecCase.Read("template: digits\nvars: {model: m}\n", SpecCase.Options with { Templates = _case.Folders, Former = was, Sets = [new("vars.mode", "exact")] }));

        Assert.Equal((5, "100", "exact", folder), (spec.Checkpoints!.Keep, spec.Env["STEPS"], spec.Vars["mode"], spec.Code!.Folder));
    }

    /// <summary>A number that nobody gave is none: what would be nothing but it is left out.</summary>
    [Fact]
    public void An_empty_value_of_a_typed_var_is_none_given()
    {
        _case.Add("digits", TemplateCase.Digits.Replace("note: {required: false}", "note: {required: false}\n  cores: {type: int, required: false}", StringComparison.Ordinal).Replace("cpu: 1", "cpu: \"${{ vars.cores }}\"", StringComparison.Ordinal));

        var spec = _case.Spec("template: digits\nvars: {model: m, steps: '', note: ''}\n");
        Assert.Equal(("100", ""), (spec.Env["STEPS"], spec.Env["NOTE"]));
        Assert.Equal(_case.Spec("template: digits\nvars: {model: m}\n").Resources.Cpu, spec.Resources.Cpu);
        Assert.Equal(3, _case.Spec("template: digits\nvars: {model: m, cores: 3}\n").Resources.Cpu);
    }
}
