using Orchestrator.Engine.Images;
using Orchestrator.Engine.Security;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class RegistryTableTests
{
    /// <summary>A job that only rented hosts could run pauses where the login may not go to them: that is to be seen.</summary>
    [Fact]
    public void The_list_says_which_logins_rented_hosts_may_get()
    {
        var desk = new EngineRegistryDesk(new RegistrySet([Entry("given", "me", true), Entry("kept", "me", false), Entry("open", null, false)], new TokenReader((_, _) => Task.FromResult<string?>(null), _ => null), TimeProvider.System));

        var lines = Tables.Registries(desk.List(), 120, new Paint(false)).Select(line => line.TrimEnd()).ToList();

        Assert.Equal(4, lines.Count);
        Assert.EndsWith("  TO HOSTS", lines[0], StringComparison.Ordinal);
        Assert.Matches("^ given .* yes$", lines[1]);
        Assert.Matches("^ kept .* no$", lines[2]);
        Assert.Matches("^ open .* -$", lines[3]);
    }

    private static RegistryEntry Entry(string name, string? user, bool hosts) =>
        new() { Name = name, Host = "ghcr.io", User = user, Password = user is null ? null : new TokenSource.FromEnvironment("P"), Hosts = hosts };
}
