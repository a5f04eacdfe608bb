using Orchestrator.Engine.Specs;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class ExpressionFillerTests
{
    private static readonly Dictionary<string, string> Values = new()
    {
        ["vars.steps"] = "4800", ["vars.cap"] = "$3", ["matrix.lr"] = "1e-4", ["vars.nested"] = "${{ vars.steps }}",
    };

    [Theory]
    [InlineData("${{ vars.steps }}", "4800")]
    [InlineData("${{vars.cap}}", "$3")]
    [InlineData("train --lr ${{ matrix.lr }} --steps ${{ vars.steps }}!", "train --lr 1e-4 --steps 4800!")]
    [InlineData("$steps ${steps} {{ vars.steps }}", "$steps ${steps} {{ vars.steps }}")]
    [InlineData("${{ vars.other }} ${{ vars.steps }}", "${{ vars.other }} 4800")]
    [InlineData("${{ github.ref }}", "${{ github.ref }}")]
    [InlineData("${{ vars.nested }}", "${{ vars.steps }}")]
    public void An_expression_gives_way_to_its_value(string written, string filled) =>
        Assert.Equal(filled, ((ScalarNode)Fill(new ScalarNode(written, true, 3, 7))).Value);

    [Fact]
    public void Everything_but_the_keys_is_filled_and_keeps_its_place()
    {
        var tree = Tree("a: [x, {b: \"${{ vars.steps }}\"}]\n\"${{ vars.steps }}\": ${{ matrix.lr }}\n");

        var filled = (MapNode)Fill(tree);

        var inner = (ScalarNode)((MapNode)((ListNode)filled.Entries[0].Value).Items[1]).Entries[0].Value;
        Assert.Equal(("4800", 1, 12), (inner.Value, inner.Line, inner.Column));
        Assert.Equal("${{ vars.steps }}", filled.Entries[1].Key.Value);
        Assert.Equal("1e-4", ((ScalarNode)filled.Entries[1].Value).Value);
    }

    [Fact]
    public void Where_a_value_comes_from_stays_known()
    {
        var node = new ScalarNode("${{ vars.cap }}", true, 1, 1) { Origin = SpecOrigin.Template, Source = "template x" };

        Assert.Equal(node with { Value = "$3" }, Fill(node));
    }

    [Fact]
    public void A_text_that_would_outgrow_any_file_is_refused_once()
    {
        var problems = new SpecProblems("");
        var tree = new ListNode([.. Enumerable.Range(0, 40).Select(_ => new ScalarNode("${{ vars.long }}", true, 1, 1))], 1, 1);

        var filled = (ListNode)ExpressionFiller.Fill(tree, new Dictionary<string, string> { ["vars.long"] = new('x', 10_000) }, problems);

        Assert.Contains("larger than 256 KB", Assert.Single(problems.Sorted()).What, StringComparison.Ordinal);
        Assert.True(filled.Items.Sum(item => ((ScalarNode)item).Value.Length) < 300_000);
    }

    private static SpecNode Fill(SpecNode node)
    {
        var problems = new SpecProblems("");
        var filled = ExpressionFiller.Fill(node, Values, problems);
        Assert.Empty(problems.Sorted());
        return filled;
    }

    private static SpecNode Tree(string text) => YamlTree.Read(text, new SpecProblems(text))!;
}
