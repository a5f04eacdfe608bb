using Orchestrator.Engine.Hosts.Docker;
using Xunit;

namespace Orchestrator.Tests.Hosts.Docker;

/// <summary>A machine whose docker is a script can answer for ever, and what it answers is gathered here.</summary>
public sealed class AnswerBoundTests
{
    private static readonly byte[] _piece = new byte[64 << 10];

    [Fact]
    public void An_answer_without_end_is_cut_off()
    {
        var bound = new AnswerBound(byLine: false);
        for (var sent = 0; sent < AnswerBound.MostBytes; sent += _piece.Length)
        {
            bound.Count(_piece);
        }

        Assert.Contains("more than 16 MiB", Assert.Throws<IOException>(() => bound.Count(_piece)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_feeds_make_an_answer_no_shorter()
    {
        var bound = new AnswerBound(byLine: false);
        byte[] lines = [.. Enumerable.Repeat((byte)'\n', 1 << 20)];

        Assert.Throws<IOException>(() =>
        {
            for (var sent = 0; sent <= AnswerBound.MostBytes; sent += lines.Length)
            {
                bound.Count(lines);
            }
        });
    }

    [Fact]
    public void A_pull_may_say_as_many_lines_as_it_takes_and_none_without_end()
    {
        var bound = new AnswerBound(byLine: true);
        byte[] line = [.. _piece, (byte)'\n', .. _piece];
        for (var sent = 0; sent < 2 * AnswerBound.MostBytes; sent += line.Length)
        {
            bound.Count(line);
        }

        Assert.Contains("a line of more than 1 MiB", Assert.Throws<IOException>(() =>
        {
            for (var sent = 0; sent <= AnswerBound.LongestLine; sent += _piece.Length)
            {
                bound.Count(_piece);
            }
        }).Message, StringComparison.Ordinal);
    }
}
