using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>secret</c>: values come from standard input or a prompt, never from the argument list, where others see them.</summary>
internal static class SecretVerb
{
    internal static Command Create(Terminal terminal)
    {
        var group = new Command("secret", "Keep values that jobs need and nobody should read");
        var setName = Name();
        group.Subcommands.Add(Verb.Create("set", "Store a value read from standard input", terminal, async (context, cancellation) =>
        {
            var value = await ReadAsync(context, cancellation);
            using var api = await context.ConnectAsync(cancellation);
            await api.SendAsync(HttpMethod.Put, Path(context.Parsed.GetRequiredValue(setName)), cancellation, new SecretValue(value));
            Answer(context, "stored", context.Parsed.GetRequiredValue(setName));
            return ExitCodes.Done;
        }, setName));
        var removeName = Name();
        group.Subcommands.Add(Verb.Create("remove", "Forget a secret", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            await api.SendAsync(HttpMethod.Delete, Path(context.Parsed.GetRequiredValue(removeName)), cancellation);
            Answer(context, "removed", context.Parsed.GetRequiredValue(removeName));
            return ExitCodes.Done;
        }, removeName));
        group.Subcommands.Add(Verb.Create("rotate", "Encrypt all secrets anew with a new key", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            var reply = await api.PostAsync<RotateReply>("secrets/rotate", null, cancellation);
            if (context.Json)
            {
                context.PrintJson(reply);
            }
            else
            {
                context.Print(
                [
                    $"{reply.Secrets} secret{(reply.Secrets == 1 ? " is" : "s are")} encrypted with the new key {reply.KeyId}; the old one is gone from secrets.key",
                    "a server with a data folder of its own needs the new secrets.key; a backup of the database from before opens with a backup of the old one only",
                ]);
            }

            return ExitCodes.Done;
        }));
        group.Subcommands.Add(Verb.Create(
            "list", "List names of secrets", terminal,
            Verb.Show<ImmutableArray<SecretName>>(_ => "secrets", (context, secrets) => Tables.Secrets(secrets, terminal.Width, terminal.Paint, context.Now, terminal.Zone))));
        return group;
    }

    private static void Answer(CliContext context, string done, string name)
    {
        if (context.Json)
        {
            context.PrintJson(new { name, done });
        }
        else
        {
            context.Print([$"{done} {Clean.Line(name, 63)}"]);
        }
    }

    private static Argument<string> Name() => new("name") { Description = "Name of the secret", HelpName = "NAME" };

    private static string Path(string name) => "secrets/" + Uri.EscapeDataString(name);

    private static async Task<string> ReadAsync(CliContext context, CancellationToken cancellation)
    {
        var terminal = context.Terminal;
        var value = terminal.InputIsTerminal ? await HiddenPrompt.AskAsync(terminal, "value") : (await terminal.In.ReadToEndAsync(cancellation)).TrimEnd('\n', '\r');
        return value.Length > 0 ? value : throw new CliException(ExitCodes.Usage, "the value is empty", "pipe it in: orchestrator secret set NAME < FILE");
    }
}
