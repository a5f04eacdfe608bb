using Orchestrator.Engine.Security;
using Orchestrator.Server.Configuration;
using Xunit;

namespace Orchestrator.Tests.Server.Configuration;

public sealed class AccountsReaderTests
{
    [Fact]
    public void An_account_needs_no_more_than_its_providers_name()
    {
        var account = Assert.Single(Read("vast:\n").Accounts);

        Assert.Equal(new AccountEntry { Name = "vast", Provider = "vast", Key = new TokenSource.FromEnvironment("VAST_API_KEY") }, account);
        Assert.Empty(ServerConfigurationReader.Read("server:\n", "x.yaml").Accounts);
    }

    [Theory]
    [InlineData("lambda", "LAMBDA_API_KEY")]
    [InlineData("runpod", "RUNPOD_API_KEY")]
    [InlineData("vast", "VAST_API_KEY")]
    public void Its_key_is_where_its_providers_own_tools_look(string provider, string variable) =>
        Assert.Equal(new TokenSource.FromEnvironment(variable), Assert.Single(Read(provider + ":\n").Accounts).Key);

    [Fact]
    public void All_of_an_account_is_read()
    {
        var account = Assert.Single(Read("mine: {provider: vast, key: {file: /k}, endpoint: 'http://127.0.0.1:4010', unverified: yes}\n").Accounts);

        Assert.Equal(
            new AccountEntry { Name = "mine", Provider = "vast", Key = new TokenSource.FromFile("/k"), Endpoint = new Uri("http://127.0.0.1:4010"), Unverified = true }, account);
        Assert.Equal(new TokenSource.FromSecret("v"), Read("vast: {key: {secret: v}}\n").Accounts[0].Key);
    }

    [Theory]
    [InlineData("vast: {key: abc}", "accounts.vast.key must not stand here; write {secret: NAME}")]
    [InlineData("vast: {endpoint: 'http://example.org'}", "accounts.vast.endpoint must be https://HOST without a path")]
    [InlineData("vast: {endpoint: 'https://example.org/api'}", "accounts.vast.endpoint must be https://HOST without a path")]
    [InlineData("vast: {endpoint: 'https://me:secret@example.org'}", "accounts.vast.endpoint must be https://HOST without a path")]
    [InlineData("vast: {unverified: perhaps}", "accounts.vast.unverified must be yes or no")]
    [InlineData("runpod: {unverified: yes}", "accounts.runpod.unverified: only vast tells hosts apart that it has verified")]
    [InlineData("vast: {limits: {max-hourly: $1}}", "accounts.vast.limits: not available yet; write limits at the top level")]
    [InlineData("vast: {kee: 1}", "unknown key \"kee\"; did you mean key?")]
    [InlineData("mine: {key: {env: K}}", "accounts.mine needs provider; for example provider: lambda")]
    [InlineData("mine: {provider: aws}", "accounts.mine.provider must be lambda, runpod or vast")]
    [InlineData("vast:\n  mine: {provider: vast}", "accounts.mine is a second account at vast beside accounts.vast")]
    public void What_cannot_be_meant_is_refused(string accounts, string words) =>
        Assert.Contains(words, Assert.Throws<ConfigurationException>(() => Read(accounts + "\n")).Message, StringComparison.Ordinal);

    private static ServerConfiguration Read(string accounts) => ServerConfigurationReader.Read("accounts:\n  " + accounts, "x.yaml");
}
