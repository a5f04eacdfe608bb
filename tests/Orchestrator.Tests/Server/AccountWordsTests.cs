using Orchestrator.Engine.Security;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;
using Orchestrator.Server.Configuration;
using Orchestrator.Server.Desk;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Server;

public sealed class AccountWordsTests
{
    [Theory]
    [InlineData("vast", "make a new key there, and name it under accounts.mine.key; it needs the scopes misc, user_read, instance_read, instance_write and billing_read")]
    [InlineData("runpod", "make a new key there, and name it under accounts.mine.key; it must not be read-only, since it also has to rent and destroy")]
    [InlineData("lambda", "make a new key there, and name it under accounts.mine.key; where the words are about the account and not the key, mend that there")]
    public async Task A_key_that_the_provider_refuses_is_to_be_made_anew_with_the_rights_it_needs(string provider, string words)
    {
        var check = Assert.Single(await Checks(provider, new(ProviderErrorKind.Unauthorized, "auth_error (HTTP 401)")).RunAsync(default));

        Assert.Equal(("bad", "mine: the account cannot be read: auth_error (HTTP 401)", words), (check.Level, check.Text, check.WhatToDo));
    }

    /// <summary>No key there, or one of another account: what to do stands in these words already, and no new key would help.</summary>
    [Fact]
    public async Task A_call_that_was_never_sent_advises_no_new_key()
    {
        var check = Assert.Single(await Checks("vast", new(ProviderErrorKind.Unauthorized, "accounts.mine.key: VAST_API_KEY is not set") { NothingSent = true }).RunAsync(default));

        Assert.Equal(("bad", null), (check.Level, check.WhatToDo));
        Assert.Null(AccountWords.Remedy(Entry("vast"), new(ProviderErrorKind.Transient, "no answer")));
    }

    [Fact]
    public async Task A_key_that_may_not_read_all_is_not_said_to()
    {
        var checks = await Checks("vast", null, new(ProviderErrorKind.Unauthorized, "not_authorized (HTTP 403)")).RunAsync(default);

        Assert.Equal(["ok", "ok", "bad"], checks.Select(check => check.Level));
        Assert.Equal("mine: the key is taken, account of me; it does not say what is left on the account", checks[0].Text);
        Assert.Contains("instance_write", checks[2].WhatToDo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vast", null, false, "mine: our SSH key goes with each rental; no limit on what it may spend is set here (accounts.mine.limits)")]
    [InlineData("vast", null, true, "mine: our SSH key goes with each rental")]
    [InlineData("runpod", null, false, "mine: our SSH key goes with each rental; no limit on what it may spend is set here (accounts.mine.limits), and RunPod does not tell its own ($80/h for a new account)")]
    [InlineData("lambda", "", true, "mine: our SSH key is put there with the first rental")]
    [InlineData("lambda", "laptop", true, "mine: our SSH key is there as laptop")]
    public void How_machines_are_reached_and_what_bounds_the_spending_is_said(string provider, string? key, bool isLimited, string words) => Assert.Equal(
        ("ok", words),
        (AccountWords.Terms(Entry(provider) with { Limits = new() { MaxHourly = isLimited ? Money.FromDollars(2) : null } }, new AccountState("me", null) { LoginKey = key }) is var check ? check.Level : "", check.Text));

    [Fact]
    public void Whether_a_key_may_rent_is_not_said_before_it_has()
    {
        var account = new AccountState("me", Money.FromDollars(48.12m));
        Assert.Equal(
            "mine: the key may read what it must, account of me, $48.12 left; whether it may rent shows at the first rental",
            AccountWords.Of("mine", account, AccountForecast.Of(account.Spendable!.Value, []), readsAll: true).Text);

        var rented = AccountForecast.Of(account.Spendable!.Value, [new(new JobId(3), 1, Money.FromDollars(0.5m)) { Rest = Money.FromDollars(2) }]);
        Assert.Equal(
            ("ok", "mine: the key may read what it must, account of me, $48.12 left: 1 rental costs $0.50/h and needs $2.00 to finish; it lasts until they are done or have spent their budgets"),
            (AccountWords.Of("mine", account, rented, readsAll: true).Level, AccountWords.Of("mine", account, rented, readsAll: true).Text));

        Assert.Equal(
            "mine: the key may read what it must; whether it may rent shows at the first rental; it does not say what is left on the account",
            AccountWords.Of("mine", new(null, null), null, readsAll: true).Text);
    }

    [Theory]
    [InlineData(0.99, "add credit: little can be rented there")]
    [InlineData(1, null)]
    public void Of_a_nearly_empty_account_little_can_be_rented(double left, string? words)
    {
        var account = new AccountState(null, Money.FromDollars((decimal)left));

        Assert.Equal(words, AccountWords.Of("mine", account, AccountForecast.Of(account.Spendable!.Value, []), readsAll: true).WhatToDo);
    }

    private static AccountEntry Entry(string provider) => new() { Name = "mine", Provider = provider, Key = new TokenSource.FromEnvironment("K") };

    /// <summary>Without books: nothing here is read of them.</summary>
    private static AccountChecks Checks(string provider, ProviderException? refused, ProviderException? unlisted = null) =>
        new(Entry(provider), new Account(provider, refused, unlisted), null!, null!, "e1");

    private sealed class Account(string name, ProviderException? refused, ProviderException? unlisted) : IProvider, IAccountSource
    {
        public string Name => name;

        public ProviderTimings Timings => throw new NotSupportedException();

        public Task<AccountState> GetAccountAsync(CancellationToken cancellation) => refused is null ? Task.FromResult(new AccountState("me", null)) : Task.FromException<AccountState>(refused);

        public Task<IReadOnlyList<ListedInstance>> ListInstancesAsync(CancellationToken cancellation) => Task.FromException<IReadOnlyList<ListedInstance>>(unlisted ?? throw new NotSupportedException());

        public Task<IReadOnlyList<Offer>> ListOffersAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<string> CreateAsync(LaunchRequest request, CancellationToken cancellation) => throw new NotSupportedException();

        public Task DestroyAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<HostEndpoint> GetEndpointAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
