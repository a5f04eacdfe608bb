using System.Text;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli;

/// <summary>Log bytes on their way out: cleaned line by line for a terminal, untouched for a file or pipe.</summary>
internal sealed class LogOutput(Terminal terminal)
{
    private const int LongestPartial = 64 * 1024;
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _partial = new();
    private readonly Stream? _raw = terminal.IsTerminal || terminal.Out != Console.Out ? null : Console.OpenStandardOutput();

    internal async Task WriteAsync(byte[] bytes, CancellationToken cancellation)
    {
        if (_raw is not null)
        {
            await _raw.WriteAsync(bytes, cancellation);
            await _raw.FlushAsync(cancellation);
            return;
        }

        var letters = new char[_decoder.GetCharCount(bytes, flush: false)];
        _partial.Append(letters, 0, _decoder.GetChars(bytes, letters, flush: false));
        var text = _partial.ToString();
        var end = text.Length > LongestPartial ? text.Length - 1 : text.LastIndexOf('\n');
        if (end < 0)
        {
            return;
        }

        foreach (var line in text[..end].Split('\n'))
        {
            await terminal.Out.WriteLineAsync(Clean.LogLine(line, terminal.Paint.IsOn));
        }

        _partial.Clear().Append(text, end + 1, text.Length - end - 1);
        await terminal.Out.FlushAsync(cancellation);
    }

    /// <summary>Writes what came without an end of line.</summary>
    internal async Task EndLineAsync()
    {
        if (_partial.Length > 0)
        {
            await terminal.Out.WriteLineAsync(Clean.LogLine(_partial.ToString(), terminal.Paint.IsOn));
            _partial.Clear();
        }
    }
}
