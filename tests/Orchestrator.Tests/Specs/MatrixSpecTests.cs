using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class MatrixSpecTests
{
    private const string Sweep =
        """
        run: python train.py --lr ${{ matrix.lr }} --seed ${{ matrix.seed }}
        env: {SEED: "s${{matrix.seed}}"}
        resources: {gpu: none, cpu: "${{ matrix.cpu }}"}
        checkpoints: none
        outputs: [{from: /out, to: "s3://bucket/${{ matrix.lr }}/"}]
        strategy: {matrix: {lr: [1e-4, 3e-4], seed: [1, 2], cpu: [2]}, max-parallel: 2, canary: 1}
        batch: {budget: $60, deadline: 2026-11-30T08:00Z}
        """;

    [Fact]
    public void Each_job_is_a_spec_of_its_own_with_the_values_filled_in()
    {
        var read = Read(Sweep);

        Assert.Empty(read.Problems.Where(problem => problem.Severity == Severity.Error));
        Assert.Equal(["sweep-1", "sweep-2", "sweep-3", "sweep-4"], read.Jobs.Select(job => job.Spec.Name));
        var last = read.Jobs[3];
        Assert.Equal("lr=3e-4,seed=2,cpu=2", last.Cell.ToString());
        Assert.Equal(("python train.py --lr 3e-4 --seed 2", "s2", 2), (last.Spec.Run, last.Spec.Env["SEED"], last.Spec.Resources.Cpu));
        Assert.Equal("s3://bucket/3e-4/", Assert.Single(last.Spec.Outputs).To);
        Assert.Equal("3e-4", last.Spec.Cell!["lr"]);
        Assert.Null(last.Spec.Strategy);
        Assert.Equal(("sweep", Money.FromDollars(60)), (last.Spec.Batch!.Name, last.Spec.Batch.Budget));
        Assert.Equal(new DateTimeOffset(2026, 11, 30, 8, 0, 0, TimeSpan.Zero), last.Spec.Deadline?.At);
    }

    [Fact]
    public void What_one_value_makes_wrong_is_told_with_it()
    {
        var read = Read(Sweep.Replace("cpu: [2]", "cpu: [2, many]", StringComparison.Ordinal));

        Assert.Null(read.Spec);
        Assert.Contains(read.Problems, problem => problem.Severity == Severity.Error && problem.What.StartsWith("with lr=1e-4,seed=1,cpu=many: resources.cpu", StringComparison.Ordinal));
    }

    [Fact]
    public void A_matrix_of_which_nothing_is_left_is_refused()
    {
        var read = Read(Sweep.Replace("max-parallel", "exclude: [{cpu: 2}], max-parallel", StringComparison.Ordinal));

        Assert.Contains(read.Problems, problem => problem.What.Contains("gives no job", StringComparison.Ordinal));
    }

    [Fact]
    public void What_all_share_is_no_value_of_the_matrix_and_no_combination_lacks_one()
    {
        Assert.Contains(Read(Sweep.Replace("budget: $60", "budget: \"${{ matrix.lr }}\"", StringComparison.Ordinal)).Problems, problem => problem.What.StartsWith("batch.budget: a value of the matrix", StringComparison.Ordinal));
        Assert.Contains(
            Read(Sweep.Replace("max-parallel", "include: [{lr: 1e-4, extra: x}], max-parallel", StringComparison.Ordinal).Replace("--seed", "${{ matrix.extra }} --seed", StringComparison.Ordinal)).Problems,
            problem => problem.What == "with lr=3e-4,seed=1,cpu=2: this combination has no value for ${{ matrix.extra }}");
        Assert.Contains(Read(Sweep.Replace("cpu: [2]", "cpu: [2], LR: [5]", StringComparison.Ordinal)).Problems, problem => problem.What.Contains("the same variable ORCHESTRATOR_MATRIX_LR", StringComparison.Ordinal));
        Assert.Contains(Read(Sweep.Replace("env: {SEED", "env: {\"${{ matrix.lr }}\": x, SEED", StringComparison.Ordinal)).Problems, problem => problem.What.Contains("in a key", StringComparison.Ordinal));
    }

    [Fact]
    public void An_exclude_that_matches_nothing_is_told_at_its_place()
    {
        var read = Read(Sweep.Replace("max-parallel", "exclude: [{lr: 1e-4, seed: 2}, {lr: 1e-5}], max-parallel", StringComparison.Ordinal));

        Assert.Equal(3, read.Jobs.Length);
        var note = Assert.Single(read.Problems, problem => problem.Path == "strategy.exclude[1]");
        Assert.Equal((Severity.Note, 6), (note.Severity, note.Line));
        Assert.Contains("lr=1e-5 matches no combination of the matrix", note.What, StringComparison.Ordinal);
    }

    private static SpecReadResult Read(string text) => SpecReader.Read(text, "sweep.yaml", new SpecReadOptions { Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero), SpecFolder = "/specs" });
}
