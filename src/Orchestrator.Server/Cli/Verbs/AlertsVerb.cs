using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>alerts</c>: what waits for a person, and what one has put aside.</summary>
internal static class AlertsVerb
{
    internal static Command Create(Terminal terminal)
    {
        var all = new Option<bool>("--all") { Description = "Also what was dismissed or is settled" };
        var group = Verb.Create("alerts", "Say what waits for a person", terminal, Verb.Show<ImmutableArray<AlertView>>(
            context => context.Parsed.GetValue(all) ? "alerts?all=true" : "alerts",
            (context, alerts) => AlertLines.Of(alerts, terminal.Width, context.Now, terminal.Zone)), all);
        group.Subcommands.Add(Dismiss(terminal));
        return group;
    }

    private static Command Dismiss(Terminal terminal)
    {
        var number = new Argument<long>("number") { Description = "As alerts and doctor show it", HelpName = "NUMBER" };
        return Verb.Create("dismiss", "Put an alert aside that you have seen; it comes back when its cause goes away and comes again", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            var alert = await api.PostAsync<AlertView>(FormattableString.Invariant($"alerts/{context.Parsed.GetRequiredValue(number)}/dismiss"), null, cancellation);
            if (context.Json)
            {
                context.PrintJson(alert);
            }
            else
            {
                context.Print([FormattableString.Invariant($"alert {alert.Id} ({alert.Kind}) was dismissed by {Clean.Line(alert.DismissedBy ?? "")}")]);
            }

            return ExitCodes.Done;
        }, number);
    }
}
