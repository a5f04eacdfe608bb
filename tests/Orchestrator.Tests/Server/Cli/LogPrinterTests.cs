using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Server.Cli.Logs;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Cli;

public sealed class LogPrinterTests
{
    private readonly StringWriter _out = new() { NewLine = "\n" };

    [Fact]
    public async Task A_long_piece_loses_no_letter_and_breaks_no_line()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(line => $"line {line}\n")) + "the last one, not yet ended";

        await PrintAsync(new(), text);

        Assert.Equal(text + "\n", _out.ToString());
    }

    [Fact]
    public async Task Of_what_a_progress_bar_overwrote_the_last_state_is_left()
    {
        await PrintAsync(new(), "\r  0%|   | 0/2", "\r 50%|#  | 1/2", "\r100%|###| 2/2\n", "done\r\n");

        Assert.Equal("100%|###| 2/2\ndone\n", _out.ToString());
    }

    [Fact]
    public async Task A_progress_bar_that_never_ends_its_line_takes_bounded_memory_and_keeps_its_newest_state()
    {
        await PrintAsync(new(), [.. Enumerable.Range(0, 100_000).Select(step => $"\rstep {step} of 100000")]);

        Assert.Equal("step 99999 of 100000\n", _out.ToString());
    }

    [Fact]
    public async Task Json_is_one_document_with_the_attempt_of_every_line()
    {
        var printer = new LogPrinter(_out, null, new(Json: true), default, 80);
        await printer.BeginAsync();
        await printer.WriteAsync(1, Encoding.UTF8.GetBytes("one \"quoted\" \e[31mred\e[0m\nlo"), default);
        await printer.EndLineAsync();
        await printer.WriteAsync(2, Encoding.UTF8.GetBytes("two\n"), default);
        await printer.EndAsync(default);

        var lines = JsonDocument.Parse(_out.ToString()).RootElement.EnumerateArray().Select(line => (line.GetProperty("attempt").GetInt32(), line.GetProperty("text").GetString())).ToList();
        Assert.Equal([(1, "one \"quoted\" red"), (1, "lo"), (2, "two")], lines);
    }

    [Fact]
    public async Task Json_of_an_empty_log_is_an_empty_list()
    {
        await PrintAsync(new(Json: true));

        Assert.Equal(0, JsonDocument.Parse(_out.ToString()).RootElement.GetArrayLength());
    }

    [Fact]
    public async Task Grep_leaves_the_lines_in_which_the_pattern_is_found()
    {
        await PrintAsync(new(Grep: new Regex("lo[sz]s", RegexOptions.NonBacktracking)), "loss 1\nstep 2\nlo", "ss 3\n");

        Assert.Equal("loss 1\nloss 3\n", _out.ToString());
    }

    [Fact]
    public async Task Letters_that_arrive_in_halves_are_put_together()
    {
        var bytes = Encoding.UTF8.GetBytes("Größe ▏\n");
        var printer = new LogPrinter(_out, null, new(), default, 80);
        foreach (var one in bytes)
        {
            await printer.WriteAsync(1, [one], default);
        }

        await printer.EndAsync(default);

        Assert.Equal("Größe ▏\n", _out.ToString());
    }

    [Fact]
    public async Task No_control_sequence_reaches_the_output_and_colours_only_where_they_are_wanted()
    {
        await PrintAsync(new(), "\e]0;title\a\e[2J\e[31mred\u202E\n");

        Assert.DoesNotContain('\e', _out.ToString());
        Assert.DoesNotContain('\a', _out.ToString());
        Assert.DoesNotContain('\u202E', _out.ToString());
        Assert.Contains("red", _out.ToString(), StringComparison.Ordinal);
    }

    private async Task PrintAsync(LogOptions options, params IEnumerable<string> pieces)
    {
        var printer = new LogPrinter(_out, null, options, default(Paint), 80);
        await printer.BeginAsync();
        foreach (var piece in pieces)
        {
            await printer.WriteAsync(1, Encoding.UTF8.GetBytes(piece), default);
        }

        await printer.EndAsync(default);
    }
}
