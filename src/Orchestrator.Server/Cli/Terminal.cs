using System.Globalization;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli;

/// <summary>Where a verb writes to, and what that can do.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Problems and progress of the command itself.</param>
/// <param name="In">Standard input.</param>
/// <param name="IsTerminal">A person looks at <paramref name="Out"/> as it comes.</param>
/// <param name="InputIsTerminal">A person can be asked.</param>
/// <param name="Width">Columns.</param>
public sealed record Terminal(TextWriter Out, TextWriter Error, TextReader In, bool IsTerminal, bool InputIsTerminal, int Width)
{
    /// <summary>Colours only for people who have not said otherwise (no-color.org).</summary>
    public Paint Paint => new(IsTerminal && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 });

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;

    /// <summary>The environment's variables that say which server is meant.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Lines of the screen; null = there is none.</summary>
    public int? Height { get; init; }

    public static Terminal System()
    {
        var isTerminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";
        return new(Console.Out, Console.Error, Console.In, isTerminal, !Console.IsInputRedirected, WidthNow(isTerminal)) { Height = HeightNow(isTerminal) };
    }

    private static int? HeightNow(bool isTerminal)
    {
        try
        {
            return isTerminal && Console.WindowHeight is > 0 and var lines ? lines : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Scripts and pipes get the 80 columns of old, or what COLUMNS says.</summary>
    private static int WidthNow(bool isTerminal)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var said) && said > 0)
        {
            return Math.Clamp(said, 40, 400);
        }

        if (!isTerminal)
        {
            return 80;
        }

        try
        {
            return Math.Clamp(Console.WindowWidth, 40, 400);
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
