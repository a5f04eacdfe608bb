using Orchestrator.Engine.Images;
using Orchestrator.Engine.Security;
using Orchestrator.Server.Configuration;
using Xunit;

namespace Orchestrator.Tests.Server.Configuration;

public sealed class RegistriesReaderTests
{
    [Fact]
    public void Everything_it_knows_is_read()
    {
        var registries = ServerConfigurationReader.Read("""
            registries:
              acme: {host: GHCR.io, user: bot, password: {secret: ghcr}, hosts: yes}
              hub: {host: index.docker.io, user: me, password: {file: /etc/hub}}
              lab: {host: "registry.lab:5000", ca: /etc/lab.pem}
              env: {host: quay.io, user: me, password: {env: QUAY}}
            """, "orchestrator.yaml").Registries;

        Assert.Equal<RegistryEntry>(
            [
                new RegistryEntry { Name = "acme", Host = "ghcr.io", User = "bot", Password = new TokenSource.FromSecret("ghcr"), Hosts = true },
                new RegistryEntry { Name = "hub", Host = "docker.io", User = "me", Password = new TokenSource.FromFile("/etc/hub") },
                new RegistryEntry { Name = "lab", Host = "registry.lab:5000", CaFile = "/etc/lab.pem" },
                new RegistryEntry { Name = "env", Host = "quay.io", User = "me", Password = new TokenSource.FromEnvironment("QUAY") },
            ],
            registries);
    }

    [Theory]
    [InlineData("{user: bot, password: {secret: x}}", "needs host")]
    [InlineData("{host: https://ghcr.io}", "without https://")]
    [InlineData("{host: ghcr.io/acme}", "without a path")]
    [InlineData("{host: ghcr.io, user: bot}", "both user and password")]
    [InlineData("{host: ghcr.io, user: bot, password: hunter2}", "must not stand here")]
    [InlineData("{host: ghcr.io, user: bot, password: {secret: a, env: B}}", "one of secret, env and file")]
    [InlineData("{host: ghcr.io, user: bot, password: {file: token}}", "absolute path")]
    [InlineData("{host: ghcr.io, token: x}", "unknown key")]
    public void What_is_wrong_is_told_without_repeating_a_password(string entry, string words)
    {
        var error = Assert.Throws<ConfigurationException>(() => ServerConfigurationReader.Read($"registries:\n  acme: {entry}\n", "orchestrator.yaml"));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }
}
