using Orchestrator.Engine.Specs;
using Orchestrator.Server.Configuration;
using Xunit;

namespace Orchestrator.Tests.Server.Configuration;

public sealed class ServerConfigurationReaderTests
{
    [Fact]
    public void Everything_it_knows_is_read()
    {
        var configuration = Read("""
            server:
              listen: 127.0.0.2
              port: 8000
              hosts: [lab.example.org]
              database: Host=db;Database=orc
              time_zone: Europe/Paris
            machines:
              local: {cpus: 4, memory: 16GB, price: $0.25/h}
            defaults:
              max-runtime: 8h
              on-failure: {restarts: 2}
              labels: {team: "007"}
            """);

        Assert.Equal("127.0.0.2", configuration.Listen);
        Assert.Equal(8000, configuration.Port);
        Assert.Equal("lab.example.org", Assert.Single(configuration.Hosts));
        Assert.Equal("Host=db;Database=orc", configuration.Database);
        Assert.Equal("Europe/Paris", configuration.TimeZone);
        Assert.Equal(new LocalMachine { Cpus = 4, Memory = 16_000_000_000, Price = Money.FromDollars(0.25m) }, configuration.Local);
        Assert.Equal([new("max-runtime", "8h"), new("on-failure.restarts", "2"), new SpecSetting("labels.team", "\"007\"")], configuration.Defaults.AsEnumerable());
    }

    [Fact]
    public void Every_problem_is_told_in_one_run_with_its_place()
    {
        var refused = Assert.Throws<ConfigurationException>(() => Read("server:\n  port: 70000\n  lisen: 127.0.0.1\n  time-zone: Mars\nmachines:\n  local: {memory: 16}\nnonsense: 1\n"));

        Assert.Equal(5, refused.Problems.Length);
        Assert.Contains("orchestrator.yaml:2:9: server.port must be a whole number from 0 to 65535", refused.Message, StringComparison.Ordinal);
        Assert.Contains("orchestrator.yaml:3:3: unknown key \"lisen\"; did you mean listen?", refused.Message, StringComparison.Ordinal);
        Assert.Contains("orchestrator.yaml:7:1: unknown key \"nonsense\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_of_later_issues_are_noted_and_stop_nothing()
    {
        var configuration = Read("accounts: {vast: {key: x}}\nlimits: {max-hourly: $1}\n");

        Assert.Equal(2, configuration.Notes.Length);
        Assert.All(configuration.Notes, note => Assert.Contains("not available yet", note.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("server:\n")]
    public void What_says_nothing_is_the_default(string yaml)
    {
        Assert.Null(Read(yaml).Port);
    }

    [Theory]
    [InlineData("a: &x 1\nb: *x\n")]
    [InlineData("server: {port: 1}\nserver: {port: 2}\n")]
    [InlineData("- a\n- b\n")]
    [InlineData("server: [1]\n")]
    [InlineData("server: {port: 1\n")]
    [InlineData("\tserver: 1\n")]
    public void What_is_no_configuration_is_refused_with_a_place(string yaml)
    {
        var refused = Assert.Throws<ConfigurationException>(() => Read(yaml));

        Assert.StartsWith("orchestrator.yaml:", refused.Message, StringComparison.Ordinal);
    }

    private static ServerConfiguration Read(string yaml) => ServerConfigurationReader.Read(yaml, "orchestrator.yaml");
}
