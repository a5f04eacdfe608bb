using System.CommandLine;
using Orchestrator.Server.Cli.Verbs;

namespace Orchestrator.Server.Cli.Reaching;

/// <summary><c>ssh</c>, <c>exec</c>, <c>forward</c>: going where a job runs.</summary>
internal static class ReachVerbs
{
    private const string Shell = "exec \"${SHELL:-/bin/sh}\"";

    internal static IEnumerable<Command> Create(Terminal terminal) => [Ssh(terminal), Exec(terminal), Forward(terminal), CopyVerb.Create(terminal)];

    private static Command Ssh(Terminal terminal)
    {
        var job = Verb.Job();
        return Verb.Create("ssh", "Open a shell where a job runs", terminal, async (context, cancellation) =>
        {
            using var host = await JobHost.OfAsync(context, context.Parsed.GetRequiredValue(job), cancellation);
            return await Attached.RunAsync(host.Command(["sh", "-c", Shell], terminal: terminal.InputIsTerminal));
        }, job);
    }

    private static Command Exec(Terminal terminal)
    {
        var job = Verb.Job();
        var command = new Argument<string[]>("command") { Description = "The command and its arguments, after --", HelpName = "COMMAND", Arity = ArgumentArity.OneOrMore };
        return Verb.Create("exec", "Run a command where a job runs; its exit code is passed on", terminal, async (context, cancellation) =>
        {
            using var host = await JobHost.OfAsync(context, context.Parsed.GetRequiredValue(job), cancellation);
            return await Attached.RunAsync(host.Command(context.Parsed.GetRequiredValue(command), terminal: terminal is { IsTerminal: true, InputIsTerminal: true }));
        }, job, command);
    }

    private static Command Forward(Terminal terminal)
    {
        var job = Verb.Job();
        var port = new Argument<string>("port") { Description = "A port where the job runs (6006), or one here for it (9000:6006)", HelpName = "PORT" };
        return Verb.Create("forward", "Reach a port of a job from this machine until Ctrl-C", terminal, async (context, cancellation) =>
        {
            var pair = PortPair.Parse(context.Parsed.GetRequiredValue(port))
                ?? throw new CliException(ExitCodes.Usage, $"\"{context.Parsed.GetRequiredValue(port)}\" is no port", "write 6006, or 9000:6006");
            using var host = await JobHost.OfAsync(context, context.Parsed.GetRequiredValue(job), cancellation);
            if (host.IsHere)
            {
                context.Print([FormattableString.Invariant($"it runs on this machine: 127.0.0.1:{pair.Theirs}")]);
                return ExitCodes.Done;
            }

            var code = await Attached.RunAsync(host.Forward(pair.Ours, pair.Theirs));
            return code == JobHost.NotReached
                ? throw new CliException(ExitCodes.Unreachable, FormattableString.Invariant($"port {pair.Theirs} of the job could not be reached as 127.0.0.1:{pair.Ours}"), "what went wrong stands above; where the port here is taken, name another: 9000:6006")
                : code;
        }, job, port);
    }
}
