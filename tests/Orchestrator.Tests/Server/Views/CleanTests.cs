using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class CleanTests
{
    [Fact]
    public void A_log_line_keeps_the_last_state_of_a_progress_bar()
    {
        Assert.Equal("100%|####| 10/10", Clean.LogLine("  0%|    | 0/10\r 50%|##  | 5/10\r100%|####| 10/10\r", keepColours: false));
    }

    [Theory]
    [InlineData("\e[31mred\e[0m", true, "\e[31mred\e[0m")]
    [InlineData("\e[31mred\e[0m", false, "red")]
    [InlineData("a\e[2Jb\e[10;5Hc", true, "abc")]
    [InlineData("tab\there", true, "tab\there")]
    public void Only_colours_reach_a_terminal(string line, bool keepColours, string expected)
    {
        Assert.Equal(expected, Clean.LogLine(line, keepColours));
    }

    [Theory]
    [InlineData("\e]0;title\a")]
    [InlineData("\e")]
    [InlineData("\e[")]
    [InlineData("\e[999999999999999999999999999999999999999999m")]
    [InlineData("\u009b2J")]
    public void Whatever_is_no_short_colour_sequence_loses_its_escape(string line)
    {
        var clean = Clean.LogLine(line, keepColours: true);

        Assert.DoesNotContain('\e', clean);
        Assert.DoesNotContain('\u009b', clean);
    }

    [Fact]
    public void A_line_is_cut_to_its_limit()
    {
        Assert.Equal(10, Clean.Line(new string('x', 500), 10).Length);
    }

    [Fact]
    public void Lone_surrogates_do_not_throw()
    {
        Assert.Equal("a\uFFFDb", Clean.Line("a\uD800b"));
    }
}
