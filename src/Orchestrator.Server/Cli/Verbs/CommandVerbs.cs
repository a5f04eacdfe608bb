using System.CommandLine;
using Orchestrator.Engine.Recurring;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary>Verbs that ask something of a job.</summary>
internal static class CommandVerbs
{
    internal static IEnumerable<Command> Create(Terminal terminal)
    {
        yield return Cancel(terminal);
        yield return Plain("pause", "Stop a job at its newest checkpoint; resume goes on", terminal);
        yield return Resume(terminal);
        yield return RetryVerb.Create(terminal);
        yield return Update(terminal);
        yield return Plain("save", "Ask the trainer for a checkpoint now", terminal);
    }

    private static Command Plain(string name, string description, Terminal terminal)
    {
        var job = Verb.Job();
        return Verb.Create(name, description, terminal, (context, cancellation) => SendAsync(context, context.Parsed.GetRequiredValue(job), name, null, cancellation), job);
    }

    private static Command Cancel(Terminal terminal)
    {
        var job = Verb.Job();
        var now = new Option<bool>("--now") { Description = "Do not wait until the newest checkpoint is stored" };
        return Verb.Create(
            "cancel", "End a job and give its instance back; or stop a series: cancel series-3", terminal,
            (context, cancellation) => context.Parsed.GetRequiredValue(job) is var name && SeriesId.TryParse(name, out _)
                ? StopAsync(context, name, cancellation)
                : SendAsync(context, name, context.Parsed.GetValue(now) ? "cancel?now=true" : "cancel", null, cancellation),
            job,
            now);
    }

    private static Command Resume(Terminal terminal)
    {
        var job = Verb.Job();
        var budget = new Option<string?>("--budget") { Description = "New budget over all attempts", HelpName = "$" };
        return Verb.Create(
            "resume", "Let a paused job go on", terminal, (context, cancellation) =>
                SendAsync(context, context.Parsed.GetRequiredValue(job), "resume", new ResumeRequest(Amount(context, budget)), cancellation),
            job,
            budget);
    }

    private static Command Update(Terminal terminal)
    {
        var job = Verb.Job();
        var budget = new Option<string?>("--budget") { Description = "New budget over all attempts", HelpName = "$" };
        var hourly = new Option<string?>("--max-hourly") { Description = "The most an instance may cost per hour; what is rented already stays", HelpName = "$" };
        var deadline = new Option<string?>("--deadline") { Description = "When it must be done: \"Mon 08:00\", 2026-11-30T07:00+01:00", HelpName = "TIME" };
        var priority = new Option<int?>("--priority") { Description = "-100 to 100, higher first, where jobs stand in line", HelpName = "N" };
        return Verb.Create("update", "Change what a live job may cost, when it must be done, or its place in line", terminal, (context, cancellation) =>
            SendAsync(
                context,
                context.Parsed.GetRequiredValue(job),
                "update",
                new UpdateRequest { Budget = Amount(context, budget), MaxHourly = Amount(context, hourly), Deadline = context.Parsed.GetValue(deadline), Priority = context.Parsed.GetValue(priority), TimeZone = context.Terminal.Zone.Id },
                cancellation), job, budget, hourly, deadline, priority);
    }

    private static decimal? Amount(CliContext context, Option<string?> option) => context.Parsed.GetValue(option) is { } text ? Verb.Dollars(text) : null;

    private static async Task<int> StopAsync(CliContext context, string series, CancellationToken cancellation)
    {
        using var api = await context.ConnectAsync(cancellation);
        var reply = await api.PostAsync<SeriesReply>(ApiClient.Series(series, "/cancel"), null, cancellation);
        if (context.Json)
        {
            context.PrintJson(reply);
        }
        else
        {
            context.Print([Views.Clean.Line($"{reply.Series.Name} {reply.Series.Id}: {reply.Text}")]);
        }

        return ExitCodes.Done;
    }

    private static async Task<int> SendAsync(CliContext context, string job, string command, object? body, CancellationToken cancellation)
    {
        using var api = await context.ConnectAsync(cancellation);
        var reply = await api.PostAsync<CommandReply>(ApiClient.Job(job, "/" + command), body, cancellation);
        if (context.Json)
        {
            context.PrintJson(reply);
        }
        else
        {
            context.Print([Views.Clean.Line($"{reply.Job.Name} #{reply.Job.Id}: {reply.Text}")]);
        }

        return ExitCodes.Done;
    }
}
