using System.Globalization;

namespace Orchestrator.Server.Cli.Rehearsing;

/// <summary><c>--max</c>: dollars, with or without the sign.</summary>
internal static class RehearsalMax
{
    internal const decimal Default = 0.50m;

    /// <summary>Throws <see cref="CliException"/> where it is no amount.</summary>
    internal static decimal Parse(string? text)
    {
        if (text is null)
        {
            return Default;
        }

        // Unquoted, $1 is empty for the shell: --max $1.50 arrives as --max .50.
        if (text.StartsWith('.'))
        {
            throw new CliException(ExitCodes.Usage, $"--max \"{text}\" begins with a point: did the shell take $1 (or another of its own names) away? Write it without the sign, for example --max 1{text}");
        }

        if (decimal.TryParse(text.TrimStart('$'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) && dollars >= 0.01m)
        {
            return dollars;
        }

        // Unquoted, $0 is the shell's own name: --max $0.20 arrives as --max bash.20.
        var isShell = text.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && text[..dot].Any(char.IsLetter) && text[(dot + 1)..].All(char.IsDigit);
        throw new CliException(
            ExitCodes.Usage,
            $"--max \"{text}\" is no amount of dollars",
            isShell ? $"the shell has put its name where $0 was: write --max 0{text[text.IndexOf('.', StringComparison.Ordinal)..]}" : "write for example --max 0.20");
    }
}
