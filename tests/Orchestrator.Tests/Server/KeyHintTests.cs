using Orchestrator.Engine.Security;
using Orchestrator.Server.Configuration;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server;

public sealed class KeyHintTests
{
    private const string Secret = "a-key-4711";

    [Fact]
    public void A_key_that_lies_unused_in_the_environment_is_named_with_the_line_that_uses_it()
    {
        var check = Assert.Single(KeyHint.Of([], variable => variable == "VAST_API_KEY" ? Secret : null));

        Assert.Equal("warning", check.Level);
        Assert.Equal("VAST_API_KEY is set in the server's environment, but orchestrator.yaml has no account that uses it: nothing is rented", check.Text);
        Assert.Equal("to rent with it, add this line to orchestrator.yaml: accounts: {vast: {key: {env: VAST_API_KEY}}}, then: orchestrator server stop", check.WhatToDo);
        Assert.Equal($"{check.Text}; {check.WhatToDo}", Assert.Single(AccountTable.Hints([check])));
    }

    [Fact]
    public void The_line_makes_accounts_of_all_keys_there_are_and_holds_none()
    {
        var check = Assert.Single(KeyHint.Of([], variable => variable.EndsWith("_API_KEY", StringComparison.Ordinal) ? Secret : null));
        var line = check.WhatToDo![check.WhatToDo!.IndexOf("accounts:", StringComparison.Ordinal)..check.WhatToDo!.LastIndexOf(", then", StringComparison.Ordinal)];

        Assert.Equal(
            KeyVariables.Names.Select(pair => (pair.Key, (TokenSource)new TokenSource.FromEnvironment(pair.Value))),
            ServerConfigurationReader.Read(line + "\n", "x.yaml").Accounts.Select(account => (account.Provider, account.Key)));
        Assert.StartsWith("LAMBDA_API_KEY and RUNPOD_API_KEY and VAST_API_KEY are set", check.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, check.Text + check.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_without_a_key_or_where_an_account_is_configured()
    {
        Assert.Empty(KeyHint.Of([], _ => ""));
        Assert.Empty(KeyHint.Of([new() { Name = "lambda", Provider = "lambda", Key = new TokenSource.FromEnvironment("K") }], _ => Secret));
    }
}
