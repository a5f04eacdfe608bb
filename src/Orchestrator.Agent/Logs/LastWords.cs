using System.Collections.Immutable;
using Orchestrator.Agent.Progress;
using Orchestrator.Protocol;
using Orchestrator.Recovery;

namespace Orchestrator.Agent.Logs;

/// <summary>
/// Lines near the end of a failed trainer's log that a rule knows, however much was written after them: a dump of all ranks is longer than
/// any tail that is sent. What was written before the last progress the trainer has survived.
/// </summary>
internal static class LastWords
{
    private const int Window = 512 * 1024;
    private const int Piece = 64 * 1024;

    public static ImmutableArray<string> Marked(TrainerLog log, TrainerOrder? order, Func<string, bool> isProgress)
    {
        var marks = new LogMarks(order is { LogMarks: { IsDefault: false } patterns } ? patterns : []);
        var lines = new LineSplitter(line =>
        {
            if (isProgress(line))
            {
                marks.Forget();
            }
            else
            {
                marks.Look(line);
            }
        });
        var buffer = new byte[Piece];
        var at = Math.Max(log.Start, log.Length - Window);
        int read;
        for (var left = Window; left > 0 && (read = log.Read(at, buffer)) > 0; left -= read)
        {
            lines.Add(buffer.AsSpan(0, read));
            at += read;
        }

        lines.Flush();
        return marks.Lines();
    }
}
