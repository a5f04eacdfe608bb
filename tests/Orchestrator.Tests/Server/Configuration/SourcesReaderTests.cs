using Orchestrator.Engine.Artifacts.Foreign;
using Orchestrator.Engine.Artifacts.Git;
using Orchestrator.Engine.Security;
using Orchestrator.Server.Configuration;
using Xunit;

namespace Orchestrator.Tests.Server.Configuration;

public sealed class SourcesReaderTests
{
    [Fact]
    public void Everything_it_knows_is_read()
    {
        var read = ServerConfigurationReader.Read("""
            git:
              github: {host: GitHub.com, token: {secret: github}}
              lab: {host: git.lab, user: bot, key: /etc/key}
            hf: {token: {env: HF_TOKEN}, endpoint: https://hub.example.org}
            """, "orchestrator.yaml");

        Assert.Equal<GitAccount>(
            [
                new GitAccount { Name = "github", Host = "github.com", Token = new TokenSource.FromSecret("github") },
                new GitAccount { Name = "lab", Host = "git.lab", User = "bot", KeyFile = "/etc/key" },
            ],
            read.Git);
        Assert.Equal(new HubSettings { Endpoint = new("https://hub.example.org"), Token = new TokenSource.FromEnvironment("HF_TOKEN") }, read.Hub);
    }

    [Theory]
    [InlineData("git: {a: {token: {secret: x}}}", "needs host")]
    [InlineData("git: {a: {host: https://github.com}}", "without https://")]
    [InlineData("git: {a: {host: github.com}, b: {host: github.com}}", "two entries are for github.com")]
    [InlineData("git: {a: {host: github.com, key: id}}", "absolute path")]
    [InlineData("hf: {token: hf_abc}", "must not stand here")]
    [InlineData("hf: {endpoint: http://hub.example.org}", "https://HOST")]
    public void What_is_wrong_is_told(string yaml, string words) =>
        Assert.Contains(words, Assert.Throws<ConfigurationException>(() => ServerConfigurationReader.Read(yaml, "orchestrator.yaml")).Message, StringComparison.Ordinal);
}
