using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>machine</c>: the person's own machines.</summary>
internal static class MachineVerb
{
    internal static Command Create(Terminal terminal)
    {
        var group = new Command("machine", "List and examine your own machines, and keep jobs away from one");
        group.Subcommands.Add(Verb.Create("list", "List the machines of orchestrator.yaml as they were when last asked", terminal, Verb.Show<ImmutableArray<MachineState>>(
            _ => "machines", (_, machines) => MachineTables.List(machines, terminal.Width, terminal.Paint))));
        group.Subcommands.Add(TestVerb.Create(
            "Examine machines now: reach, inventory, Docker, NVIDIA runtime, whether the agent runs there", terminal, "machines",
            () => MachineTables.List([], terminal.Width, terminal.Paint)));
        group.Subcommands.Add(Ban(terminal));
        group.Subcommands.Add(Unban(terminal));
        group.Subcommands.Add(Add(terminal));
        return group;
    }

    private static Command Ban(Terminal terminal)
    {
        var name = Name();
        var reason = new Option<string?>("--reason") { Description = "For whoever wonders", HelpName = "TEXT" };
        return Verb.Create("ban", "Begin nothing new on a machine; what runs there goes on", terminal, (context, cancellation) => ChangeAsync(
            context, HttpMethod.Put, context.Parsed.GetRequiredValue(name), new BanRequest(context.Parsed.GetValue(reason)), "is banned: nothing new begins there, and what runs goes on", cancellation), name, reason);
    }

    private static Command Unban(Terminal terminal)
    {
        var name = Name();
        return Verb.Create("unban", "Take a ban back", terminal, (context, cancellation) => ChangeAsync(
            context, HttpMethod.Delete, context.Parsed.GetRequiredValue(name), null, "may be used again", cancellation), name);
    }

    private static async Task<int> ChangeAsync(CliContext context, HttpMethod method, string machine, BanRequest? body, string done, CancellationToken cancellation)
    {
        using var api = await context.ConnectAsync(cancellation);
        await api.SendAsync(method, $"machines/{Uri.EscapeDataString(machine)}/ban", cancellation, body);
        if (context.Json)
        {
            context.PrintJson(new { machine, banned = body is not null });
        }
        else
        {
            context.Print([$"{machine} {done}"]);
        }

        return ExitCodes.Done;
    }

    private static Command Add(Terminal terminal)
    {
        var name = Name();
        var address = new Option<string?>("--address") { Description = "Host name or IP address", HelpName = "HOST" };
        var user = new Option<string?>("--user") { Description = "Who logs in there", HelpName = "USER" };
        var port = new Option<string?>("--port") { Description = "Port of its sshd (22)", HelpName = "N" };
        var key = new Option<string?>("--key") { Description = "Private key on the server's machine (the ssh-agent)", HelpName = "FILE" };
        var hostKey = new Option<string?>("--host-key") { Description = "Its fingerprint (the first one seen is remembered)", HelpName = "SHA256:..." };
        var price = new Option<string?>("--price") { Description = "Of the whole machine: $1.10/h", HelpName = "PRICE" };
        var slots = new Option<string?>("--slots") { Description = "Instances at one time (one per GPU, else one per CPU)", HelpName = "N" };
        return Verb.Create("add", "Examine a machine and print what to put into orchestrator.yaml", terminal, (context, cancellation) =>
        {
            if (Text(address) is null || Text(user) is null)
            {
                throw new CliException(ExitCodes.Usage, "give --address and --user", "for example: orchestrator machine add lab-1 --address 10.0.0.5 --user ubuntu");
            }

            return Drafts.TryAsync(
                context,
                new("machines", context.Parsed.GetRequiredValue(name),
                    [("address", Text(address)), ("port", Text(port)), ("user", Text(user)), ("key", Text(key)), ("host-key", Text(hostKey)), ("price", Text(price)), ("slots", Text(slots))]),
                "machines/try",
                cancellation);

            string? Text(Option<string?> option) => YamlEntry.Scalar(context.Parsed.GetValue(option));
        }, name, address, user, port, key, hostKey, price, slots);
    }

    private static Argument<string> Name() => new("name") { Description = "Name of the machine in orchestrator.yaml", HelpName = "NAME" };
}
