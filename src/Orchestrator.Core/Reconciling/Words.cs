using System.Globalization;

namespace Orchestrator.Reconciling;

/// <summary>Text for people. What hosts and providers say is cut and stripped before it is stored.</summary>
internal static class Words
{
    public const int Longest = 400;

    /// <summary>One line without control characters, at most <see cref="Longest"/> characters.</summary>
    public static string Clean(string? text)
    {
        // JSON of a host can hold null where the type says it cannot.
        text ??= "";
        var cut = text.Length > Longest ? text[..(Longest - 1)] + "…" : text;
        return cut.Any(char.IsControl) || cut.Any(char.IsSurrogate)
            ? string.Concat(cut.Select(c => char.IsControl(c) ? ' ' : char.IsSurrogate(c) ? '?' : c)).Trim()
            : cut;
    }

    /// <summary>Lines without control characters, at most so many characters in all; empty ones are left out.</summary>
    public static string CleanLines(string? text, int most) =>
        string.Join('\n', (text is { } said && said.Length > most ? said[..most] : text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Clean(line).TrimEnd()).Where(line => line.Length > 0));

    /// <summary>The last line of a log tail that says something.</summary>
    public static string LastLine(string? tail)
    {
        var lines = (tail ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "" : lines[^1];
    }

    /// <summary>What somebody said last, after words of ours; nothing where nobody did.</summary>
    public static string After(string? said) => string.IsNullOrWhiteSpace(said) ? "" : "; the last that was said: " + Clean(said);

    /// <summary><c>45 s</c>, <c>15 min</c>, <c>6 h</c>.</summary>
    public static string Of(TimeSpan time) => time switch
    {
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h"),
    };
}
