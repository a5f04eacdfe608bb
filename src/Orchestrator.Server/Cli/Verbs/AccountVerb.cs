using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>account</c>: where machines are rented.</summary>
internal static class AccountVerb
{
    internal static Command Create(Terminal terminal)
    {
        var group = new Command("account", "List and try the accounts that machines are rented with");
        group.Subcommands.Add(Verb.Create(
            "list", "List the accounts of orchestrator.yaml, with what runs there", terminal,
            ListAsync));
        group.Subcommands.Add(TestVerb.Create(
            "Ask accounts now: key, money, what runs there, whose that is", terminal, "accounts",
            () => AccountTable.Lines([], terminal.Width, terminal.Paint)));
        group.Subcommands.Add(Accept(terminal));
        return group;
    }

    private static async Task<int> ListAsync(CliContext context, CancellationToken cancellation)
    {
        using var api = await context.ConnectAsync(cancellation);
        var accounts = await api.GetAsync<ImmutableArray<AccountView>>("accounts", cancellation);
        if (context.Json)
        {
            context.PrintJson(accounts);
            return ExitCodes.Done;
        }

        context.Print(AccountTable.Lines(accounts, context.Terminal.Width, context.Terminal.Paint));
        if (accounts.IsEmpty)
        {
            // What its environment has, only the server knows.
            context.Print(AccountTable.Hints((await api.PostAsync<DoctorReport>("accounts/test", null, cancellation)).Checks));
        }

        return ExitCodes.Done;
    }

    private static Command Accept(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "Name of the account in orchestrator.yaml", HelpName = "NAME" };
        var yes = new Option<bool>("--yes") { Description = "Also where our books still show something at the former account: it is gone, or you end it there" };
        return Verb.Create("accept", "Say that the account behind a key may be another one: you have seen that nothing of ours is left at the former one", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            var account = context.Parsed.GetRequiredValue(name);
            await api.SendAsync(HttpMethod.Post, $"accounts/{Uri.EscapeDataString(account)}/accept{(context.Parsed.GetValue(yes) ? "?gone=true" : "")}", cancellation);
            if (context.Json)
            {
                context.PrintJson(new { account, accepted = true });
            }
            else
            {
                context.Print([$"the key that {Clean.Line(account, 63)} has now is the one that our books are about"]);
            }

            return ExitCodes.Done;
        }, name, yes);
    }
}
