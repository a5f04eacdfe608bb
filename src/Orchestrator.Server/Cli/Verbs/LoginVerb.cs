using System.CommandLine;
using System.Text.RegularExpressions;
using Orchestrator.Engine.Http;
using Orchestrator.Server.Api;
using Orchestrator.Server.Cli.Contexts;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>login</c> signs a browser in, <c>login URL</c> this command line. A token is never an argument, where others see it.</summary>
internal static partial class LoginVerb
{
    internal static Command Create(Terminal terminal)
    {
        var url = new Argument<string?>("url") { Description = "Address of a server elsewhere; without it, a link is printed that signs a browser in, once", HelpName = "URL", Arity = ArgumentArity.ZeroOrOne };
        var name = new Option<string?>("--name") { Description = "What to call that server here (its host name)", HelpName = "NAME" };
        var tokenFile = new Option<string?>("--token-file") { Description = "File with the token; else it is asked for, or read from ORCHESTRATOR_TOKEN or standard input", HelpName = "FILE" };
        return Verb.Create("login", "Sign in to a server elsewhere, or print a link that signs a browser in", terminal, async (context, cancellation) =>
        {
            if (context.Parsed.GetValue(url) is { } address)
            {
                return await SignInAsync(context, address, context.Parsed.GetValue(name), context.Parsed.GetValue(tokenFile), cancellation);
            }

            return context.Parsed.GetValue(name) is null && context.Parsed.GetValue(tokenFile) is null
                ? await LinkAsync(context, cancellation)
                : throw new CliException(ExitCodes.Usage, "which server?", "orchestrator login https://orchestrator.example.org");
        }, url, name, tokenFile);
    }

    private static async Task<int> LinkAsync(CliContext context, CancellationToken cancellation)
    {
        using var api = await context.ConnectAsync(cancellation);
        var code = await api.PostAsync<LoginCode>("login-code", null, cancellation);
        // Behind a proxy the server does not know by which scheme it was reached; we do.
        var link = new Uri(new Uri(api.Address.GetLeftPart(UriPartial.Authority)), new Uri(code.Url).PathAndQuery).ToString();
        if (context.Json)
        {
            context.PrintJson(code with { Url = link });
        }
        else
        {
            context.Print([link]);
        }

        return ExitCodes.Done;
    }

    private static async Task<int> SignInAsync(CliContext context, string address, string? called, string? tokenFile, CancellationToken cancellation)
    {
        var url = Address(address);
        var name = called ?? url.Host.Trim('[', ']').ToLowerInvariant().Replace(':', '-');
        if (!NamePattern().IsMatch(name) || name == ServerContexts.Local)
        {
            throw new CliException(ExitCodes.Usage, name == ServerContexts.Local ? $"{name} is this machine's own server" : $"\"{name}\" is no name for a context", "choose one of letters, digits, dots and hyphens with --name");
        }

        // Before a token is asked for: a file that cannot be read or written must not cost somebody the typing.
        var (file, all, authority) = (context.ContextFile, context.Contexts(), context.Authority);
        var token = await TokenAsync(context, url, tokenFile, cancellation);
        var signedIn = new ServerContext(url.GetLeftPart(UriPartial.Authority), token, authority);
        using var api = new ApiClient(url, token, authority);
        var server = await api.GetAsync<VersionReply>("version", cancellation);
        file.Write(new(name, all.Contexts.SetItem(name, signedIn)));
        if (context.Json)
        {
            context.PrintJson(new { name, url = signedIn.Url, server.Version });
        }
        else
        {
            context.Print([$"signed in to {Clean.Line(signedIn.Url, 200)}, version {Clean.Line(server.Version, 40)}; commands go there from now on (orchestrator context use {ServerContexts.Local} goes back)"]);
        }

        return ExitCodes.Done;
    }

    private static Uri Address(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0 || url.PathAndQuery != "/")
        {
            throw new CliException(ExitCodes.Usage, $"\"{Clean.Line(address, 200)}\" is not the address of a server", "for example https://orchestrator.example.org");
        }

        return url.Scheme == "https" || WebHandlers.IsThisMachine(url.Host)
            ? url
            : throw new CliException(ExitCodes.Usage, "over http the token could be read on the way", $"use https, or a tunnel: ssh -L 7433:127.0.0.1:7433 {Clean.Line(url.Host, 200)}");
    }

    private static async Task<string> TokenAsync(CliContext context, Uri url, string? file, CancellationToken cancellation)
    {
        var terminal = context.Terminal;
        var token = file is not null ? await File.ReadAllTextAsync(file, cancellation)
            : context.GivenToken ?? (terminal.InputIsTerminal ? await HiddenPrompt.AskAsync(terminal, $"token of {Clean.Line(url.Host, 200)}") : await terminal.In.ReadToEndAsync(cancellation));
        token = token.Trim();
        return token.Length is > 0 and <= 512 && token.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.')
            ? token
            : throw new CliException(ExitCodes.Usage, token.Length == 0 ? "there is no token" : "that is no token", "the server's own lies in the file token of its data folder: orchestrator login URL --token-file FILE");
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,62}$")]
    private static partial Regex NamePattern();
}
