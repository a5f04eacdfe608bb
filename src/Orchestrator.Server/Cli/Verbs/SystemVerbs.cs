using System.CommandLine;
using Orchestrator.Server.Api;
using Orchestrator.Server.Composition;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary>Verbs about the installation.</summary>
internal static class SystemVerbs
{
    internal static Command Doctor(Terminal terminal) => Verb.Create("doctor", "Check this machine, the server and the store", terminal, async (context, cancellation) =>
    {
        var checks = MachineChecks.All(context.Folder).ToList();
        try
        {
            using var api = await context.ConnectAsync(cancellation);
            checks.AddRange((await api.GetAsync<DoctorReport>("doctor", cancellation)).Checks);
        }
        catch (CliException away)
        {
            // A server that cannot start is what a person calls the doctor for.
            checks.Add(new("server", "bad", away.Lines.IsDefaultOrEmpty ? away.Message : string.Join(' ', away.Lines.Select(line => line.Trim())), away.WhatToDo));
        }

        if (context.Json)
        {
            context.PrintJson(new DoctorReport([.. checks]));
        }
        else
        {
            context.Print(Tables.Doctor(checks, terminal.Width, terminal.Paint));
        }

        return checks.Any(check => check.Level == "bad") ? ExitCodes.JobFailed : ExitCodes.Done;
    });

    internal static Command Replay(Terminal terminal)
    {
        var job = Verb.Job();
        return Verb.Create(
            "replay", "Decide a job's recorded ticks again and show differences", terminal,
            Verb.Show<ReplayReport>(
                context => ApiClient.Job(context.Parsed.GetRequiredValue(job), "/replay"),
                (_, report) => [.. report.Differences.Select(line => Clean.Line(line, 1_000)), $"{report.Ticks} ticks decided again, {report.Differences.Length} differences"]),
            job);
    }

    internal static Command Recover(Terminal terminal)
    {
        var confirm = new Option<bool>("--confirm") { Description = "You have looked at what is rented; begin a new epoch" };
        return Verb.Create("recover", "Leave recovered mode after a restored or copied database", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            if (!context.Parsed.GetValue(confirm))
            {
                var version = await api.GetAsync<VersionReply>("version", cancellation);
                throw version.Recovered is { } why
                    ? new CliException(ExitCodes.Policy, $"recovered mode: {why}", "look at `orchestrator doctor` and `orchestrator jobs`, then: orchestrator recover --confirm")
                    : new CliException(ExitCodes.Usage, "the server is not in recovered mode", "nothing to do");
            }

            var reply = await api.PostAsync<RecoverReply>("recover", new RecoverRequest(true), cancellation);
            if (context.Json)
            {
                context.PrintJson(reply);
            }
            else
            {
                context.Print([Clean.Line(reply.Text)]);
            }

            return ExitCodes.Done;
        }, confirm);
    }

    internal static Command Version(Terminal terminal) => Verb.Create("version", "Print the version of this program", terminal, (context, _) =>
    {
        if (context.Json)
        {
            context.PrintJson(new { version = ProductVersion.Text });
        }
        else
        {
            terminal.Out.WriteLine($"orchestrator {ProductVersion.Text}");
        }

        return Task.FromResult(ExitCodes.Done);
    });
}
