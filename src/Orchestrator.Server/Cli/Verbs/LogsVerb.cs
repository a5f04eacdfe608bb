using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using Orchestrator.Server.Api;
using Orchestrator.Server.Cli.Logs;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>logs</c>: what the trainers of all attempts wrote, lost ones too.</summary>
internal static class LogsVerb
{
    internal static Command Create(Terminal terminal)
    {
        var job = Verb.Job();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on as the log grows, through all further attempts" };
        var attempt = new Option<int?>("--attempt") { Description = "One attempt only; all of them otherwise", HelpName = "N" };
        var since = Verb.Since("What arrived since then");
        var grep = new Option<string?>("--grep") { Description = "Only lines in which this regular expression is found", HelpName = "REGEX" };
        var raw = new Option<bool>("--raw") { Description = "The trainer's bytes as they are: colours, carriage returns and all" };
        var file = new Option<string?>("--output", "-o") { Description = "Write into a file", HelpName = "FILE" };
        return Verb.Create("logs", "Print what the trainer wrote", terminal, async (context, cancellation) =>
        {
            var path = context.Parsed.GetValue(file);
            var isSeen = terminal.IsTerminal && path is null && !context.Json;
            var options = new LogOptions(
                Pattern(context.Parsed.GetValue(grep)), context.Parsed.GetValue(raw), context.Json,
                Mark: isSeen && context.Parsed.GetValue(attempt) is null, Live: isSeen && context.Parsed.GetValue(follow));
            if (options.Raw && (options.Json || options.Grep is not null))
            {
                throw new CliException(ExitCodes.Usage, "--raw prints bytes and cannot go with --json or --grep", "leave one out");
            }

            var name = context.Parsed.GetRequiredValue(job);
            var moment = Verb.SinceOf(context, since);
            await CheckAsync(context, name, context.Parsed.GetValue(attempt), cancellation);
            await using var written = path is null ? null : Open(path);
            await using var text = written is not null && !options.Raw ? new StreamWriter(written, new UTF8Encoding(false)) : null;
            await using var standard = options.Raw && written is null && terminal.Out == Console.Out ? Console.OpenStandardOutput() : null;
            var printer = new LogPrinter(text ?? terminal.Out, options.Raw ? written ?? standard : null, options, isSeen ? terminal.Paint : default, terminal.Width);
            await printer.BeginAsync();
            await new LogReader(context, name, context.Parsed.GetValue(attempt), moment, context.Parsed.GetValue(follow), printer).RunAsync(cancellation);
            await printer.EndAsync(cancellation);
            return ExitCodes.Done;
        }, job, follow, attempt, since, grep, raw, file);
    }

    /// <summary>Before anything is written: a name that nobody knows leaves no empty file and no half JSON.</summary>
    private static async Task CheckAsync(CliContext context, string job, int? attempt, CancellationToken cancellation)
    {
        using var api = await context.ConnectAsync(cancellation);
        var details = await api.GetAsync<JobDetails>(ApiClient.Job(job), cancellation);
        if (attempt is { } number && details.Attempts.All(candidate => candidate.Number != number))
        {
            throw new CliException(ExitCodes.Usage, $"job {details.Name} has no attempt {number}", $"orchestrator show {details.Name} lists its attempts");
        }
    }

    private static Regex? Pattern(string? text)
    {
        try
        {
            // Not backtracking: no pattern and no line of a trainer's makes it hang.
            return text is null ? null : new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception bad) when (bad is ArgumentException or NotSupportedException)
        {
            throw new CliException(ExitCodes.Usage, $"--grep \"{text}\" is no regular expression: {bad.Message}", "put a backslash before letters that are meant as they are");
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"cannot write {path}: {refused.Message}", "choose another file with -o");
        }
    }
}
