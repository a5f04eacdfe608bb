using Orchestrator.Engine.Security;
using Orchestrator.Offers;
using Orchestrator.Server.Composition;
using Orchestrator.Server.Configuration;
using Xunit;

namespace Orchestrator.Tests.Server.Panicking;

public sealed class BareRentalTests
{
    [Fact]
    public void Every_provider_that_rents_can_be_opened_with_a_key_alone()
    {
        var rental = new BareRental(variable => variable.EndsWith("_API_KEY", StringComparison.Ordinal) ? "a-key" : null);

        var accounts = rental.Accounts([]);

        Assert.Equal(ProviderNames.Known.Except(["local", OwnMachines.Provider]), accounts.Select(account => account.Provider));
        Assert.Equal(accounts.Select(account => account.Provider), accounts.Select(account => rental.Make(account).Name));
    }

    /// <summary>The database may be what is broken.</summary>
    [Fact]
    public void The_environment_stands_in_for_a_stored_key()
    {
        var stored = new AccountEntry { Name = "mine", Provider = "vast", Key = new TokenSource.FromSecret("vast") };

        Assert.Equal(new TokenSource.FromEnvironment("VAST_API_KEY"), Assert.Single(new BareRental(variable => variable == "VAST_API_KEY" ? "k" : null).Accounts([stored])).Key);
        Assert.Equal(stored, Assert.Single(new BareRental(_ => null).Accounts([stored])));
    }
}
