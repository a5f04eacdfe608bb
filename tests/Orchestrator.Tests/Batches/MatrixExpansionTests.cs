using System.Collections.Immutable;
using Orchestrator.Batches;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Batches;

public sealed class MatrixExpansionTests
{
    [Fact]
    public void The_last_axis_runs_fastest() =>
        Assert.Equal(["lr=1,seed=a", "lr=1,seed=b", "lr=2,seed=a", "lr=2,seed=b"], Cells(new StrategySpec { Matrix = [Axis("lr", "1", "2"), Axis("seed", "a", "b")] }));

    [Fact]
    public void What_is_excluded_is_left_out_by_all_its_values() =>
        Assert.Equal(
            ["lr=1,seed=b", "lr=2,seed=a"],
            Cells(new StrategySpec { Matrix = [Axis("lr", "1", "2"), Axis("seed", "a", "b")], Exclude = [Map(("lr", "1"), ("seed", "a")), Map(("seed", "b"), ("lr", "2"))] }));

    /// <summary>The example of GitHub's documentation, with its result.</summary>
    [Fact]
    public void Includes_extend_or_add_as_people_know_it() =>
        Assert.Equal(
            [
                "fruit=apple,animal=cat,color=pink,shape=circle",
                "fruit=apple,animal=dog,color=green,shape=circle",
                "fruit=pear,animal=cat,color=pink",
                "fruit=pear,animal=dog,color=green",
                "fruit=banana",
                "fruit=banana,animal=cat",
            ],
            Cells(new StrategySpec
            {
                Matrix = [Axis("fruit", "apple", "pear"), Axis("animal", "cat", "dog")],
                Include = [Map(("color", "green")), Map(("color", "pink"), ("animal", "cat")), Map(("fruit", "apple"), ("shape", "circle")), Map(("fruit", "banana")), Map(("fruit", "banana"), ("animal", "cat"))],
            }));

    [Fact]
    public void Includes_alone_are_combinations() =>
        Assert.Equal(["lr=1", "lr=2,wd=3"], Cells(new StrategySpec { Include = [Map(("lr", "1")), Map(("wd", "3"), ("lr", "2"))] }));

    [Fact]
    public void Nothing_gives_no_combination() => Assert.Empty(Cells(new StrategySpec()));

    [Fact]
    public void An_exclude_that_leaves_nothing_out_is_found() =>
        Assert.Equal([1, 2], MatrixExpansion.Idle(new StrategySpec { Matrix = [Axis("lr", "1", "2")], Exclude = [Map(("lr", "2")), Map(("lr", "3")), Map(("wd", "1"))] }).ToArray());

    [Theory]
    [InlineData("lr=1e-3,seed=2", "lr", "1e-3", "seed", "2")]
    [InlineData("betas=\"0.9,0.99\",lr=1", "betas", "0.9,0.99", "lr", "1")]
    [InlineData("name=\"say \"\"hi\"\", x=1\",empty=", "name", "say \"hi\", x=1", "empty", "")]
    public void A_combination_reads_back_as_it_was_whatever_its_values_hold(string text, params string[] values)
    {
        var cell = new MatrixCell(values.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], pair[1])));

        Assert.Equal(text, cell.ToString());
        Assert.Equal(cell.Values.ToArray(), MatrixCell.Parse(text).Values.ToArray());
    }

    [Fact]
    public void One_of_an_older_release_keeps_the_commas_of_its_values() =>
        Assert.Equal(["betas: 0.9,0.99", "lr: 1"], MatrixCell.Parse("betas=0.9,0.99,lr=1").Values.Select(value => $"{value.Key}: {value.Value}"));

    private static IEnumerable<string> Cells(StrategySpec strategy) => MatrixExpansion.Of(strategy).Select(cell => cell.ToString());

    private static MatrixAxis Axis(string name, params ImmutableArray<string> values) => new() { Name = name, Values = values };

    private static ImmutableSortedDictionary<string, string> Map(params (string Key, string Value)[] values) =>
        values.ToImmutableSortedDictionary(value => value.Key, value => value.Value, StringComparer.Ordinal);
}
