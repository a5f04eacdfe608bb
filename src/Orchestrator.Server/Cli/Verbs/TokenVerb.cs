using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Jobs;
using Orchestrator.Server.Api;
using Orchestrator.Server.Security;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>server token</c> and <c>server link</c>: who else may come in.</summary>
internal static class TokenVerb
{
    internal static Command Create(Terminal terminal)
    {
        var group = new Command("token", "Make, list and end tokens for other people and programs");
        group.Subcommands.Add(New(terminal));
        var all = new Option<bool>("--all") { Description = "Also those that expired or were revoked" };
        group.Subcommands.Add(Verb.Create(
            "list", "List tokens and links", terminal,
            Verb.Show<ImmutableArray<TokenView>>(
                context => context.Parsed.GetValue(all) ? "tokens?all=true" : "tokens", (context, tokens) => TokenTable.Lines(tokens, terminal.Width, terminal.Paint, context.Now, terminal.Zone)),
            all));
        group.Subcommands.Add(Revoke(terminal));
        return group;
    }

    internal static Command Link(Terminal terminal)
    {
        var expires = new Option<string>("--expires") { Description = "How long it opens the pages: 12h, 7d (7d)", HelpName = "TIME", DefaultValueFactory = _ => "7d" };
        var name = new Option<string?>("--name") { Description = "What the list and the pages call it", HelpName = "NAME" };
        var address = new Option<string?>("--address") { Description = "Where whoever gets it reaches the server (as you do now)", HelpName = "URL" };
        return Verb.Create("link", "Print a link that opens the dashboard to read only", terminal, async (context, cancellation) =>
        {
            var length = Length(context.Parsed.GetRequiredValue(expires)) ?? throw new CliException(ExitCodes.Usage, "a link expires", "give --expires 7d");
            var chosen = Address(context.Parsed.GetValue(address));
            using var api = await context.ConnectAsync(cancellation);
            var reply = await api.PostAsync<LinkReply>("links", new TokenRequest(context.Parsed.GetValue(name), Roles.Viewer, length.TotalSeconds), cancellation);
            var root = chosen ?? new Uri(api.Address.GetLeftPart(UriPartial.Authority));
            var url = root.ToString().TrimEnd('/') + reply.Path;
            if (context.Json)
            {
                context.PrintJson(new { url, reply.Token.Name, reply.Token.ExpiresAt });
                return ExitCodes.Done;
            }

            context.Print([url]);
            await terminal.Error.WriteLineAsync(
                $"whoever has it sees every job, its logs and files until {Say.When(reply.Token.ExpiresAt, context.Now, terminal.Zone)}, and changes nothing; orchestrator server token revoke {Clean.Line(reply.Token.Name, 63)} ends it");
            if (root.IsLoopback)
            {
                await terminal.Error.WriteLineAsync("its address is this machine's own; --address https://NAME makes one for others");
            }

            return ExitCodes.Done;
        }, expires, name, address);
    }

    /// <summary>Null = never.</summary>
    internal static TimeSpan? Length(string text) => text == "never" ? null
        : SpecValues.TryDuration(text, out var length) && length > TimeSpan.Zero ? length
        : throw new CliException(ExitCodes.Usage, $"--expires \"{Clean.Line(text, 40)}\" is no time", "write 30d, 12h or never");

    private static Command New(Terminal terminal)
    {
        var role = new Option<string>("--role") { Description = "viewer reads, operator commands jobs, admin changes the installation", HelpName = "ROLE", Required = true };
        role.AcceptOnlyFromAmong(Roles.Viewer, Roles.Operator, Roles.Admin);
        var expires = new Option<string>("--expires") { Description = "When it ends by itself: 30d, 12h, never", HelpName = "TIME", Required = true };
        var name = new Option<string>("--name") { Description = "What the timeline calls whoever uses it", HelpName = "NAME", Required = true };
        return Verb.Create("create", "Make a token and print it, once", terminal, async (context, cancellation) =>
        {
            var asked = context.Parsed.GetRequiredValue(role);
            var length = Length(context.Parsed.GetRequiredValue(expires));
            using var api = await context.ConnectAsync(cancellation);
            var reply = await api.PostAsync<TokenReply>("tokens", new TokenRequest(context.Parsed.GetRequiredValue(name), asked, length?.TotalSeconds), cancellation);
            if (context.Json)
            {
                context.PrintJson(new { token = reply.Value, reply.Token.Name, reply.Token.Role, reply.Token.Id, reply.Token.ExpiresAt });
                return ExitCodes.Done;
            }

            // The token alone, for a variable or a file.
            context.Print([reply.Value]);
            await terminal.Error.WriteLineAsync(
                $"it is shown this once; use it as ORCHESTRATOR_TOKEN with --server URL. It may what {(asked == Roles.Admin ? "an" : "a")} {asked} may"
                + (reply.Token.ExpiresAt is { } ends ? $", until {Say.When(ends, context.Now, terminal.Zone)}" : ", until it is revoked"));
            return ExitCodes.Done;
        }, role, expires, name);
    }

    private static Command Revoke(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "Name or id of a token or link, as list shows it", HelpName = "NAME" };
        return Verb.Create("revoke", "End a token or link, and the browser sessions that were made from it", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            var ended = await api.DeleteAsync<TokenView>("tokens/" + Uri.EscapeDataString(context.Parsed.GetRequiredValue(name)), cancellation);
            if (context.Json)
            {
                context.PrintJson(ended);
            }
            else
            {
                context.Print([$"{ended.Kind} {Clean.Line(ended.Name, 63)} ({ended.Id}) opens nothing any more, nor do sessions that were made from it"]);
            }

            return ExitCodes.Done;
        }, name);
    }

    private static Uri? Address(string? text) => text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", Query: "", Fragment: "", AbsolutePath: "/", UserInfo: "" } ? url
        : throw new CliException(ExitCodes.Usage, $"--address \"{Clean.Line(text, 80)}\" is not the address of a server", "for example --address https://orchestrator.example.org");
}
