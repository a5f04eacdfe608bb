using System.Text;
using System.Text.Json;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Logs;

/// <summary>
/// A trainer's bytes as lines: what carriage returns overwrote is gone, no escape sequence but colours reaches a terminal, and
/// none at all a file. Raw output bypasses all of that.
/// </summary>
internal sealed class LogPrinter(TextWriter output, Stream? rawOutput, LogOptions options, Paint paint, int width)
{
    private const int LongestLine = 64 * 1024;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _partial = new();
    private int _attempt;
    private bool _isFirst = true;
    private bool _isShown;

    internal async Task BeginAsync()
    {
        if (options.Json)
        {
            await output.WriteAsync('[');
        }
    }

    internal async Task WriteAsync(int attempt, byte[] bytes, CancellationToken cancellation)
    {
        _attempt = attempt;
        if (rawOutput is not null)
        {
            await rawOutput.WriteAsync(bytes, cancellation);
            await rawOutput.FlushAsync(cancellation);
            return;
        }

        var letters = new char[_decoder.GetCharCount(bytes, flush: false)];
        var count = _decoder.GetChars(bytes, letters, flush: false);
        var from = 0;
        for (var at = 0; at < count; at++)
        {
            if (letters[at] == '\n')
            {
                _partial.Append(letters, from, at - from);
                from = at + 1;
                await FinishLineAsync();
            }
        }

        _partial.Append(letters, from, count - from);
        await ShortenAsync();
        await ShowPartialAsync();
        await output.FlushAsync(cancellation);
    }

    /// <summary>A word of ours between the trainer's lines: on a terminal in their midst, else beside them.</summary>
    internal async Task SayAsync(string text, TextWriter beside)
    {
        await EndLineAsync();
        await (options.Mark ? output : beside).WriteLineAsync(options.Mark ? paint.Dim(text) : text);
    }

    /// <summary>Prints what came without an end of line.</summary>
    internal async Task EndLineAsync()
    {
        if (_partial.Length > 0)
        {
            await FinishLineAsync();
        }

        _decoder.Reset();
    }

    internal async Task EndAsync(CancellationToken cancellation)
    {
        await EndLineAsync();
        if (options.Json)
        {
            await output.WriteLineAsync(_isFirst ? "]" : "\n]");
        }

        await output.FlushAsync(cancellation);
    }

    /// <summary>An endless line is printed in pieces; of a progress bar only the newest state is worth keeping.</summary>
    private async Task ShortenAsync()
    {
        if (_partial.Length <= LongestLine)
        {
            return;
        }

        var text = _partial.ToString();
        var overwritten = text.TrimEnd('\r').LastIndexOf('\r');
        if (overwritten >= 0)
        {
            _partial.Clear().Append(text, overwritten + 1, text.Length - overwritten - 1);
        }

        if (_partial.Length > LongestLine)
        {
            await FinishLineAsync();
        }
    }

    private async Task FinishLineAsync()
    {
        var text = Clean.LogLine(_partial.ToString(), keepColours: paint.IsOn && !options.Json);
        _partial.Clear();
        if (_isShown)
        {
            await output.WriteAsync("\r\e[K");
            _isShown = false;
        }

        if (options.Grep is { } wanted && !wanted.IsMatch(text))
        {
            return;
        }

        if (options.Json)
        {
            await output.WriteAsync((_isFirst ? "\n" : ",\n") + JsonSerializer.Serialize(new LogLine(_attempt, text), ApiJson.Options));
            _isFirst = false;
            return;
        }

        // A colour that the trainer left on ends with its line.
        await output.WriteLineAsync(Lead() + text + (text.Contains('\e', StringComparison.Ordinal) ? "\e[0m" : ""));
    }

    private async Task ShowPartialAsync()
    {
        if (!options.Live || _partial.Length == 0)
        {
            return;
        }

        var text = Clean.LogLine(_partial.ToString(), keepColours: false);
        if (options.Grep is { } wanted && !wanted.IsMatch(text))
        {
            return;
        }

        await output.WriteAsync("\r\e[K" + Lead() + Clean.Line(text, Math.Max(20, width - 6)));
        _isShown = true;
    }

    private string Lead() => options.Mark ? paint.Dim($"{_attempt}│") : "";
}
