using Orchestrator.Engine.Security;
using Orchestrator.Server.Configuration;
using Orchestrator.Spending;
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
    [InlineData("vast: {limits: {max-hourly: lots}}", "accounts.vast.limits.max-hourly must be dollars per hour")]
    [InlineData("vast: {limits: {max-weekly: $5/h}}", "accounts.vast.limits.max-weekly must be dollars per week")]
    [InlineData("vast: {limits: {max-instances: -1}}", "accounts.vast.limits.max-instances must be a whole number from 0")]
    [InlineData("vast: {limits: {max-instance: 1}}", "unknown key \"max-instance\"; did you mean max-instances?")]
    [InlineData("vast: {limits: {per-owner: {}}}", "unknown key \"per-owner\"")]
    [InlineData("vast: {kee: 1}", "unknown key \"kee\"; did you mean key?")]
    [InlineData("mine: {key: {env: K}}", "accounts.mine needs provider: lambda, runpod or vast")]
    [InlineData("vastai: {key: {env: K}}", "accounts.vastai needs provider: lambda, runpod or vast; did you mean vast?")]
    [InlineData("lamda:", "accounts.lamda needs provider: lambda, runpod or vast; did you mean lambda?")]
    [InlineData("gpuflow: {key: {env: K}}", "accounts.gpuflow: GPUFlow can only be rented from in its web page")]
    [InlineData("mine: {provider: aws}", "accounts.mine.provider must be lambda, runpod or vast")]
    [InlineData("vast:\n  mine: {provider: vast}", "accounts.mine is a second account at vast beside accounts.vast")]
    public void What_cannot_be_meant_is_refused(string accounts, string words) =>
        Assert.Contains(words, Assert.Throws<ConfigurationException>(() => Read(accounts + "\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_like_no_provider_is_not_guessed_at() =>
        Assert.DoesNotContain("did you mean", Assert.Throws<ConfigurationException>(() => Read("mine: {key: {env: K}}\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void Limits_of_an_account_are_read_and_held_beside_those_of_the_server()
    {
        var read = Read("mine: {provider: vast, limits: {max-hourly: $2/h, max-weekly: $40/week, max-instances: 2}}\n  runpod:\nlimits: {max-instances: 3}\n");

        var own = new ServerLimits { MaxHourly = Money.FromDollars(2), MaxWeekly = Money.FromDollars(40), MaxInstances = 2 };
        Assert.Equal(own, read.Accounts[0].Limits);
        Assert.False(read.Accounts[1].Limits.Any);
        Assert.Equal((3, new AccountLimits("mine", "vast", own)), (read.AllLimits.MaxInstances, Assert.Single(read.AllLimits.Accounts)));
        Assert.Empty(Read("vast:\n").AllLimits.Accounts);
    }

    private static ServerConfiguration Read(string accounts) => ServerConfigurationReader.Read("accounts:\n  " + accounts, "x.yaml");
}
