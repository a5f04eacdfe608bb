using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Orchestrator.Engine.Recurring;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary>Verbs that show what the server knows.</summary>
internal static class ReadVerbs
{
    internal static Command Jobs(Terminal terminal)
    {
        var all = new Option<bool>("--all") { Description = "Also jobs that ended more than three days ago" };
        var since = Verb.Since("Submitted since then, ended or not");
        var label = new Option<string?>("--label") { Description = "Only jobs with this label; the key alone for any value", HelpName = "KEY=VALUE" };
        var watch = new Option<bool>("--watch") { Description = "Show it again every two seconds, until Ctrl-C" };
        return Verb.Create("jobs", "List jobs", terminal, async (context, cancellation) =>
        {
            var isWatched = context.Parsed.GetValue(watch);
            if (isWatched && (!terminal.IsTerminal || context.Json))
            {
                throw new CliException(ExitCodes.Usage, "--watch needs a terminal", "leave it out, or call `orchestrator jobs --json` again and again");
            }

            var path = "jobs?" + string.Join('&', Query(context.Parsed.GetValue(all), Verb.SinceOf(context, since), context.Parsed.GetValue(label)));
            if (isWatched)
            {
                return await Watch.RunAsync(context, api => ListAsync(context, api, path, cancellation), cancellation);
            }

            using var api = await context.ConnectAsync(cancellation);
            if (context.Json)
            {
                context.PrintJson(await api.GetAsync<JobList>(path, cancellation));
            }
            else
            {
                context.Print(await ListAsync(context, api, path, cancellation));
            }

            return ExitCodes.Done;
        }, all, since, label, watch);
    }

    private static async Task<IEnumerable<string>> ListAsync(CliContext context, ApiClient api, string path, CancellationToken cancellation) =>
        JobsView.Lines(await api.GetAsync<JobList>(path, cancellation), context.Terminal.Width, context.Terminal.Paint, TimeProvider.System.GetUtcNow(), context.Terminal.Zone);

    private static IEnumerable<string> Query(bool all, DateTimeOffset? since, string? label)
    {
        if (all)
        {
            yield return "all=true";
        }

        if (since is { } moment)
        {
            yield return "since=" + Uri.EscapeDataString(moment.ToString("o", CultureInfo.InvariantCulture));
        }

        if (label is not null)
        {
            yield return "label=" + Uri.EscapeDataString(label);
        }
    }

    internal static Command Show(Terminal terminal)
    {
        var job = Verb.Job();
        return Verb.Create("show", "Show one job: progress, money, attempts, timeline", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            var name = context.Parsed.GetRequiredValue(job);
            if (SeriesId.TryParse(name, out _))
            {
                var series = await api.GetAsync<SeriesDetails>(ApiClient.Series(name), cancellation);
                if (context.Json)
                {
                    context.PrintJson(series);
                    return ExitCodes.Done;
                }

                context.Print(SeriesLines.Lines(series, terminal.Width, context.Now, terminal.Zone));
                return ExitCodes.Done;
            }

            var details = await api.GetAsync<JobDetails>(ApiClient.Job(name), cancellation);
            if (context.Json)
            {
                context.PrintJson(details);
                return ExitCodes.Done;
            }

            var timeline = await api.GetAsync<ImmutableArray<TimelineEntry>>(ApiClient.Job(name, "/events"), cancellation);
            context.Print(ShowView.Lines(details, timeline, terminal.Width, terminal.Paint, context.Now, terminal.Zone));
            return ExitCodes.Done;
        }, job);
    }

    internal static Command Events(Terminal terminal)
    {
        var job = Verb.Job();
        return Verb.Create(
            "events", "Show every event of a job with its reason", terminal,
            Verb.Show<ImmutableArray<TimelineEntry>>(
                context => ApiClient.Job(context.Parsed.GetRequiredValue(job), "/events"),
                (_, timeline) => Tables.Events(timeline, terminal.IsTerminal ? terminal.Width : 1_000, terminal.Zone)),
            job);
    }

    internal static Command Checkpoints(Terminal terminal)
    {
        var job = Verb.Job();
        return Verb.Create(
            "checkpoints", "List a job's checkpoints", terminal,
            Verb.Show<ImmutableArray<CheckpointView>>(
                context => ApiClient.Job(context.Parsed.GetRequiredValue(job), "/checkpoints"),
                (context, checkpoints) => Tables.Checkpoints(checkpoints, terminal.Width, terminal.Paint, context.Now, terminal.Zone)),
            job);
    }
}
