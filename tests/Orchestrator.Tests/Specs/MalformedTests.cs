using Orchestrator.Engine.Specs;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class MalformedTests
{
    // Lines that are added to a valid spec of four lines, the place of the problem and words of its message.
    [Theory]
    [InlineData("image: [a", "6:1", "not valid YAML")]
    [InlineData("name: A_b", "5:7", "lower-case letters")]
    [InlineData("env: {A: 1, A: 2}", "5:13", "duplicate key \"A\"")]
    [InlineData("max-runtime: 1h\nmax_runtime: 2h", "6:1", "the same as \"max-runtime\"")]
    [InlineData("env: &x {A: 1}\nlabels: *x", "6:9", "aliases are refused")]
    [InlineData("env:\n  <<: {A: 1}", "6:3", "merging is refused")]
    [InlineData("name: !!str x", "5:7", "tags are refused")]
    [InlineData("---\nrun: x", "5:1", "a second document")]
    [InlineData("? [a]\n: b", "5:3", "a key that is a list")]
    [InlineData("chekpoints: none", "5:1", "did you mean checkpoints?")]
    [InlineData("keep: 3", "5:1", "it belongs to checkpoints.keep")]
    [InlineData("name:", "5:6", "name has no value")]
    [InlineData("max-runtime: 30", "5:14", "a duration such as")]
    [InlineData("max-runtime: 30m1h", "5:14", "a duration such as")]
    [InlineData("priority: 101", "5:11", "from -100 to 100")]
    [InlineData("sensitive: on", "5:12", "true or false")]
    [InlineData("shell: zsh", "5:8", "one of bash, sh")]
    [InlineData("image: 'a b'", "5:8", "an image reference")]
    [InlineData("working-dir: src", "5:14", "an absolute path")]
    [InlineData("working-dir: /a/../b", "5:14", "an absolute path")]
    [InlineData("env: {1A: x}", "5:7", "a variable's name")]
    [InlineData("env: [A]", "5:7", "NAME=value")]
    [InlineData("env: {A: [1]}", "5:10", "a list where a single value belongs")]
    [InlineData("env: {ORCHESTRATOR_X: 1}", "5:23", "set by the orchestrator")]
    [InlineData("env: {A: 1}\nsecrets: [A]", "6:11", "both in env and in secrets")]
    [InlineData("command: [a]", "5:10", "run and command are both given")]
    [InlineData("code: src", "5:7", "a folder such as ./")]
    [InlineData("code: {ref: main}", "5:13", "code.ref without code.git")]
    [InlineData("data: ./x", "5:7", "where a list or a mapping belongs")]
    [InlineData("data: {/d: data}", "5:12", "a source such as ./folder")]
    [InlineData("data: {d: ./x}", "5:8", "an absolute path")]
    [InlineData("data: {/d: gs://b/x}", "5:12", "s3://bucket/prefix")]
    [InlineData("data: {/d: http://b/x}", "5:12", "plain http is refused")]
    [InlineData("data: {/d: 'https://me:hunter2@b/x'}", "5:12", "the URL holds a login")]
    [InlineData("data: [{from: 'https://hunter2@b/x?y@z', to: /d}]", "5:15", "the URL holds a login")]
    [InlineData("code: https://me:hunter2@b/x", "5:7", "the URL holds a login")]
    [InlineData("code: {git: 'https://hunter2@b/x'}", "5:13", "the URL holds a login")]
    [InlineData("data: [{from: ./x}]", "5:8", "data[0].to is missing")]
    [InlineData("data: [{from: ./x, to: /d}, {from: ./y, to: /d/}]", "5:45", "two sources go to /d")]
    [InlineData("outputs: [{from: out}]", "5:18", "an absolute path")]
    [InlineData("outputs: [{from: /out, to: gs://b}]", "5:28", "is not a store")]
    [InlineData("progress: {pattern: 'step ([0-9]+)'}", "5:21", "no group \"step\"")]
    [InlineData("progress: {pattern: '(?<step>'}", "5:21", "not a regular expression")]
    [InlineData("progress: {pattern: '(?<step>a)\\1'}", "5:21", "look-around")]
    [InlineData("progress: tdqm", "5:11", "one of auto, tqdm")]
    [InlineData("on-failure: {restart-on: [0]}", "5:27", "an exit code")]
    [InlineData("deadline: Mon 25:00", "5:11", "a time such as")]
    [InlineData("deadline: Mon 08:00 Mars/Olympus", "5:11", "a time such as")]
    [InlineData("deadline: 2026-02-30", "5:11", "a time such as")]
    [InlineData("deadline: 2025-01-01", "5:11", "the deadline has passed")]
    [InlineData("schedule: {cron: '61 * * * *'}", "5:18", "five cron fields")]
    [InlineData("schedule: {cron: '0 0 30 2 *'}", "5:18", "never comes")]
    [InlineData("schedule: {cron: '0 0 * * *', at: Fri 22:00}", "5:18", "are both given")]
    [InlineData("schedule: {start-window: 22}", "5:26", "hours such as")]
    [InlineData("schedule: {run-window: '22:00..22:20'}", "5:24", "is too short")]
    [InlineData("schedule: {run-window: '22:00..06:00', start-window: '08:00..20:00'}", "5:54", "would never start")]
    [InlineData("reliability: {min-score: 97}", "5:26", "a share such as")]
    [InlineData("reliability: {regions: [europe]}", "5:25", "a country such as DE")]
    [InlineData("providers: ['!!vast']", "5:13", "a provider such as")]
    [InlineData("estimate: 6 on RTX 4090", "5:11", "an estimate such as")]
    [InlineData("estimate: 6h on RTX 4091", "5:11", "did you mean RTX 4090?")]
    [InlineData("strategy: {matrix: {lr: 1}}", "5:25", "a list of values")]
    [InlineData("labels: {a: '${{ matrix.lr }}'}", "5:13", "strategy.matrix has no \"lr\"")]
    [InlineData("labels: {a: '${{ secrets.X }}'}", "5:13", "not understood")]
    [InlineData("batch: {budget: $1}", "5:8", "batch.name is missing")]
    [InlineData("tunnels: [70000]", "5:11", "a port")]
    [InlineData("version: 2", "5:10", "only version 1")]
    public void A_wrong_line_is_named_by_place_and_reason(string lines, string place, string words)
    {
        var result = SpecCase.With(lines + "\n");

        Assert.Null(result.Spec);
        Assert.Contains(SpecCase.Errors(result), problem =>
            $"{problem.Line}:{problem.Column}" == place && ProblemPrinter.Line("job.yaml", problem).Contains(words, StringComparison.Ordinal)
            || Fail(result, place, words));
    }

    [Theory]
    [InlineData("gpu: RTX 4091", "2:19", "did you mean RTX 4090?")]
    [InlineData("gpu: 24GB", "2:19", "{memory: 24GB}")]
    [InlineData("gpu: 4090:0", "2:19", "not a number of cards")]
    [InlineData("gpu: []", "2:19", "an empty list")]
    [InlineData("gpu: {A100: 8}", "2:20", "write gpu: \"A100-40GB:8\"")]
    [InlineData("gpu: {model: A100:2, count: 2}", "2:42", "the count is given twice")]
    [InlineData("gpu: none, memory: 16", "2:33", "a size such as")]
    [InlineData("gpu: none, disk: 0GB", "2:31", "resources.disk is zero")]
    [InlineData("gpu: none, disk_size: 100", "2:25", "(SkyPilot); here it is resources.disk")]
    public void A_wrong_resource_is_named_by_place_and_reason(string resources, string place, string words)
    {
        var result = SpecCase.Read("run: x\nresources: { " + resources + " }\ncheckpoints: none\nbudget: {max-total: 1}\n");

        Assert.Contains(SpecCase.Errors(result), problem =>
            $"{problem.Line}:{problem.Column}" == place && ProblemPrinter.Line("job.yaml", problem).Contains(words, StringComparison.Ordinal)
            || Fail(result, place, words));
    }

    [Theory]
    [InlineData("{}", "3:14", "checkpoints.path is missing")]
    [InlineData("{path: ckpt}", "3:21", "an absolute path")]
    [InlineData("{path: /c, every: 10m}", "3:32", "cannot be asked for a checkpoint")]
    [InlineData("{path: /c, complete: {settle: 1s, rename: true}}", "3:35", "exactly one of")]
    [InlineData("{path: /c, complete: {marker: a/b}}", "3:44", "a file name")]
    [InlineData("{path: /c, request: {signal: SIGKILL}}", "3:43", "a signal such as")]
    [InlineData("{path: /c, keep: 0}", "3:31", "a whole number from 1")]
    [InlineData("{path: /c, format: deepspeed}", "3:33", "one of auto, huggingface")]
    [InlineData("sometimes", "3:14", "where a mapping belongs")]
    [InlineData("{path: /c, start-from: latest}", "3:37", "job://name@step")]
    [InlineData("{path: /c, start-from: s3://acme/ckpt}", "3:37", "not available yet")]
    public void A_wrong_checkpoint_rule_is_named_by_place_and_reason(string checkpoints, string place, string words)
    {
        var result = SpecCase.Read($"run: x\nresources: {{gpu: none}}\ncheckpoints: {checkpoints}\nbudget: {{max-total: 1}}\n");

        Assert.Contains(SpecCase.Errors(result), problem =>
            $"{problem.Line}:{problem.Column}" == place && ProblemPrinter.Line("job.yaml", problem).Contains(words, StringComparison.Ordinal)
            || Fail(result, place, words));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("# only a comment\n", "the file is empty")]
    [InlineData("just words", "where a mapping belongs")]
    [InlineData("- a\n- b\n", "a list where a mapping belongs")]
    [InlineData("run: \u0007", "a control character")]
    public void A_file_that_is_no_spec_says_so(string text, string words) =>
        Assert.Contains(words, Assert.Single(SpecCase.Read(text).Problems).What, StringComparison.Ordinal);

    [Fact]
    public void A_file_over_256_KB_is_refused() =>
        Assert.Contains("256 KB", Assert.Single(SpecCase.Read("run: " + new string('x', 300_000)).Problems).What, StringComparison.Ordinal);

    [Fact]
    public void Deep_nesting_is_refused_without_harm() =>
        Assert.Contains("nested deeper", Assert.Single(SpecCase.Read("run: " + new string('[', 100_000)).Problems).What, StringComparison.Ordinal);

    [Fact]
    public void Every_problem_is_found_in_one_run_and_sorted_by_place()
    {
        var result = SpecCase.Read("nam: x\nrun: y\npriority: many\nresources: {gpus: none}\nbudget: {max-total: lots}\n");

        Assert.Equal([1, 1, 3, 4, 4, 5], SpecCase.Errors(result).Select(problem => problem.Line));
    }

    // Shows the whole list when an expectation is off by a column.
    private static bool Fail(SpecReadResult result, string place, string words)
    {
        var text = ProblemPrinter.Print(result);
        Assert.True(text.Split('\n').Any(line => line.StartsWith($"job.yaml:{place}: ", StringComparison.Ordinal) && line.Contains(words, StringComparison.Ordinal)),
            $"expected {place} \"{words}\" in\n{text}");
        return true;
    }
}
