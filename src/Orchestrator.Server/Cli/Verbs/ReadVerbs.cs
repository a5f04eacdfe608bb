using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary>Verbs that show what the server knows.</summary>
internal static class ReadVerbs
{
    internal static Command Jobs(Terminal terminal)
    {
        var all = new Option<bool>("--all") { Description = "Ended jobs of any age too" };
        return Verb.Create(
            "jobs", "List jobs", terminal,
            Verb.Show<JobList>(
                context => context.Parsed.GetValue(all) ? "jobs?all=true" : "jobs",
                (context, list) => JobsView.Lines(list.Jobs, terminal.Width, terminal.Paint, context.Now, terminal.Zone)),
            all);
    }

    internal static Command Show(Terminal terminal)
    {
        var job = Verb.Job();
        return Verb.Create("show", "Show one job: progress, money, attempts, timeline", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            var name = context.Parsed.GetRequiredValue(job);
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

    internal static Command Offers(Terminal terminal) => Verb.Create(
        "offers", "List what can be rented now", terminal,
        Verb.Show<ImmutableArray<OfferView>>(_ => "offers", (_, offers) => Tables.Offers(offers, terminal.Width, terminal.Paint)));
}
