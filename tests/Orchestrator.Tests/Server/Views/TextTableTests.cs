using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class TextTableTests
{
    private static readonly Paint Plain = new(false);

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void No_line_is_longer_than_the_width(int width)
    {
        var table = new TextTable(new("JOB", 6), new("WHERE", 5, CanGo: true), new("SPENT", 6, IsRight: true));
        table.Add([new string('a', 63), new string('b', 200), "3.98/8"]);
        table.Add(["x", "y", "0.00"]);

        Assert.All(table.Lines(width, Plain), line => Assert.True(line.Length <= width, $"{line.Length}: {line}"));
    }

    [Fact]
    public void A_cell_that_does_not_fit_ends_in_an_ellipsis()
    {
        var table = new TextTable(new("JOB", 5), new("N", 3));
        table.Add(["a-very-long-name-of-a-job", "123"]);

        var line = table.Lines(20, Plain).Last();

        Assert.Contains("…", line, StringComparison.Ordinal);
        Assert.EndsWith("123", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_can_go_is_left_out_when_shrinking_is_not_enough()
    {
        var table = new TextTable(new("ONE", 10), new("TWO", 10, CanGo: true), new("THREE", 10));
        table.Add(["1111111111", "2222222222", "3333333333"]);

        var lines = table.Lines(30, Plain).ToList();

        Assert.DoesNotContain("2222", lines[1], StringComparison.Ordinal);
        Assert.Contains("3333333333", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_cells_cannot_break_a_line_or_send_escape_sequences()
    {
        var table = new TextTable(new("A", 4), new("B", 4));
        table.Add(["x\n\e[2Jy", "\u202Ereversed [red]markup[/]"]);

        var line = table.Lines(80, Plain).Last();

        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain('\e', line);
        Assert.DoesNotContain('\u202E', line);
        Assert.Contains("[red]markup[/]", line, StringComparison.Ordinal);
    }
}
