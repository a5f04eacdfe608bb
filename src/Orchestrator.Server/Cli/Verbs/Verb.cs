using System.CommandLine;
using System.Globalization;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary>Helpers that keep a verb to what it does.</summary>
internal static class Verb
{
    internal static Command Create(string name, string description, Terminal terminal, Func<CliContext, CancellationToken, Task<int>> run, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Option option)
            {
                command.Options.Add(option);
            }
            else
            {
                command.Arguments.Add((Argument)symbol);
            }
        }

        command.SetAction((parsed, cancellation) => run(new CliContext(parsed, terminal), cancellation));
        return command;
    }

    internal static Option<string?> Since(string what) => new("--since") { Description = what + ": 90m, 3d, Fri, \"Fri 18:00\", 2026-11-20", HelpName = "WHEN" };

    internal static DateTimeOffset? SinceOf(CliContext context, Option<string?> option) => context.Parsed.GetValue(option) is { } text
        ? Moment.Parse(text, context.Now, context.Terminal.Zone)
            ?? throw new CliException(ExitCodes.Usage, $"--since \"{text}\" is no moment in the past", "write 90m, 3d, Fri, \"Fri 18:00\" or 2026-11-20")
        : null;

    /// <summary>An amount of money, <c>5</c> or <c>$5</c>.</summary>
    internal static decimal Dollars(string text) => decimal.TryParse(text.TrimStart('$'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value
        : throw new CliException(ExitCodes.Usage, $"\"{text}\" is not an amount of money", "give dollars, for example --budget 5");

    internal static Argument<string> Job() => new("job") { Description = "Name or number of a job: lora, 112, #112 or lora#112 (a number where several live jobs have the name)", HelpName = "JOB" };

    /// <summary>One GET whose answer is printed as JSON or as lines.</summary>
    internal static Func<CliContext, CancellationToken, Task<int>> Show<T>(Func<CliContext, string> path, Func<CliContext, T, IEnumerable<string>> lines) => async (context, cancellation) =>
    {
        using var api = await context.ConnectAsync(cancellation);
        var value = await api.GetAsync<T>(path(context), cancellation);
        if (context.Json)
        {
            context.PrintJson(value);
        }
        else
        {
            context.Print(lines(context, value));
        }

        return ExitCodes.Done;
    };
}
