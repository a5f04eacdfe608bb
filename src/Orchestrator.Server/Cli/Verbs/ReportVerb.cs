using System.CommandLine;
using System.Globalization;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>report</c>: what a weekend came to; or which hosts held the data of a job.</summary>
internal static class ReportVerb
{
    internal static Command Create(Terminal terminal)
    {
        var what = new Argument<string>("what") { Description = "What about: the newest weekend, from Friday 18:00 to Monday 09:00 or now", HelpName = "weekend", DefaultValueFactory = _ => "weekend" };
        what.AcceptOnlyFromAmong("weekend");
        var from = new Option<string?>("--from") { Description = "Begin there instead: 3d, Fri, \"Fri 18:00\", 2026-11-20", HelpName = "WHEN" };
        var to = new Option<string?>("--to") { Description = "End there instead", HelpName = "WHEN" };
        var residency = new Option<string?>("--data-residency") { Description = "Say instead which hosts and countries held the data of a job, from when to when, and whether it was wiped", HelpName = "JOB" };
        return Verb.Create("report", "Say what a weekend came to: jobs, money, interruptions, what is left, what to change", terminal, (context, cancellation) =>
        {
            if (context.Parsed.GetValue(residency) is not { } job)
            {
                return ShowAsync<ReportReply>(context, Path(context, from, to), report => ReportView.Lines(report, terminal.Width, terminal.Paint, context.Now, terminal.Zone), cancellation);
            }

            return context.Parsed.GetValue(from) is null && context.Parsed.GetValue(to) is null
                ? ShowAsync<DataResidency>(context, ApiClient.Job(job, "/data-residency"), of => DataResidencyView.Lines(of, terminal.Width, terminal.Paint, context.Now, terminal.Zone), cancellation)
                : throw new CliException(ExitCodes.Usage, "--data-residency is about all the time of a job", "leave --from and --to out");
        }, what, from, to, residency);
    }

    /// <summary>The path is made first: a moment that cannot be read is told before any server is started.</summary>
    private static Task<int> ShowAsync<T>(CliContext context, string path, Func<T, IEnumerable<string>> lines, CancellationToken cancellation) =>
        Verb.Show<T>(_ => path, (_, value) => lines(value))(context, cancellation);

    /// <summary>Friday and Monday are those of whoever asks.</summary>
    private static string Path(CliContext context, Option<string?> from, Option<string?> to)
    {
        string?[] parts = [Given(context, from), Given(context, to), "zone=" + Uri.EscapeDataString(context.Terminal.Zone.Id)];
        return "report?" + string.Join('&', parts.OfType<string>());
    }

    private static string? Given(CliContext context, Option<string?> option)
    {
        if (context.Parsed.GetValue(option) is not { } text)
        {
            return null;
        }

        var at = Moment.Parse(text, context.Now, context.Terminal.Zone)
            ?? throw new CliException(ExitCodes.Usage, $"{option.Name} \"{text}\" is no moment in the past", "write 3d, Fri, \"Fri 18:00\" or 2026-11-20");
        return $"{option.Name[2..]}={Uri.EscapeDataString(at.ToString("o", CultureInfo.InvariantCulture))}";
    }
}
