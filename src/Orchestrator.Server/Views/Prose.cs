using System.Text;

namespace Orchestrator.Server.Views;

/// <summary>Sentences over several lines: a reason that is cut off explains nothing.</summary>
public static class Prose
{
    private const int Narrowest = 20;

    /// <summary>Broken between words at <paramref name="width"/>; further lines are indented as far as <paramref name="lead"/> is wide.</summary>
    /// <param name="lead">Begins the first line; not broken.</param>
    /// <param name="text">From anywhere; cleaned here.</param>
    /// <param name="width">Columns of a line.</param>
    /// <param name="longest">Most letters in all.</param>
    public static IEnumerable<string> Lines(string lead, string text, int width, int longest = 1_000)
    {
        var room = Math.Max(Narrowest, width - lead.Length);
        var line = new StringBuilder();
        var isFirst = true;
        foreach (var word in Clean.Line(text, longest).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var rest = word;
            if (line.Length > 0 && line.Length + 1 + rest.Length > room)
            {
                yield return Lead() + line;
                line.Clear();
            }

            while (rest.Length > room)
            {
                yield return Lead() + rest[..room];
                rest = rest[room..];
            }

            line.Append(line.Length > 0 ? " " : "").Append(rest);
        }

        if (line.Length > 0 || isFirst)
        {
            yield return Lead() + line;
        }

        string Lead()
        {
            var begins = isFirst ? lead : new string(' ', lead.Length);
            isFirst = false;
            return begins;
        }
    }
}
