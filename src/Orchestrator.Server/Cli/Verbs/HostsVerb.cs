using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Jobs;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>hosts</c>: what is known of the hosts that jobs ran on, and bans.</summary>
internal static class HostsVerb
{
    internal static Command Create(Terminal terminal)
    {
        var group = Verb.Create("hosts", "Say what is known of each host: launches, interruptions, faults, bans", terminal, Verb.Show<ImmutableArray<HostView>>(
            _ => "hosts", (context, hosts) => HostsTable.Lines(hosts, terminal.Width, terminal.Paint, context.Now, terminal.Zone)));
        group.Subcommands.Add(Ban(terminal));
        group.Subcommands.Add(Pardon(terminal));
        return group;
    }

    private static Command Ban(Terminal terminal)
    {
        var host = Host();
        var length = new Option<string?>("--for") { Description = "Until when: 7d, 12h (until pardoned)", HelpName = "TIME" };
        var reason = new Option<string?>("--reason") { Description = "For whoever wonders", HelpName = "TEXT" };
        return Verb.Create("ban", "Begin nothing new on a host; what runs there goes on", terminal, async (context, cancellation) =>
        {
            var request = new HostBanRequest(context.Parsed.GetRequiredValue(host), context.Parsed.GetValue(reason), Length(context.Parsed.GetValue(length))?.TotalSeconds);
            using var api = await context.ConnectAsync(cancellation);
            await api.SendAsync(HttpMethod.Post, "hosts/ban", cancellation, request);
            return Done(context, request.Host, banned: true, "is banned: nothing new begins there, and what runs goes on");
        }, host, length, reason);
    }

    private static Command Pardon(Terminal terminal)
    {
        var host = Host();
        return Verb.Create("pardon", "Take a ban back", terminal, async (context, cancellation) =>
        {
            var name = context.Parsed.GetRequiredValue(host);
            using var api = await context.ConnectAsync(cancellation);
            await api.SendAsync(HttpMethod.Post, "hosts/pardon", cancellation, new HostPardonRequest(name));
            return Done(context, name, banned: false, "may be used again; what happened there before is no reason for a ban of ours");
        }, host);
    }

    private static int Done(CliContext context, string host, bool banned, string words)
    {
        if (context.Json)
        {
            context.PrintJson(new { host, banned });
        }
        else
        {
            context.Print([$"{host} {words}"]);
        }

        return ExitCodes.Done;
    }

    private static TimeSpan? Length(string? text) => text is null ? null
        : SpecValues.TryDuration(text, out var length) && length > TimeSpan.Zero ? length
        : throw new CliException(ExitCodes.Usage, $"--for \"{text}\" is no time", "write 7d or 12h");

    private static Argument<string> Host() => new("host") { Description = "As offers name it: vast/58761, ssh/lab-1", HelpName = "HOST" };
}
