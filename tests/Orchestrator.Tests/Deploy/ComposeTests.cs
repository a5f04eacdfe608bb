using System.Text.RegularExpressions;
using Orchestrator.Server.Configuration;
using Xunit;

namespace Orchestrator.Tests.Deploy;

public sealed partial class ComposeTests
{
    private static readonly string[] _services = ["database", "orchestrator", "proxy"];

    [Fact]
    public void Only_the_proxy_publishes_ports_and_the_database_has_no_network_at_all()
    {
        var services = DeployFiles.Yaml("compose.yaml").Map("services");

        Assert.Equal(_services, services.Keys().Order(StringComparer.Ordinal));
        Assert.Equal(["proxy"], services.Keys().Where(name => services[name].Has("ports")));
        Assert.Equal("none", services["database"]["network_mode"].ToString());
        Assert.DoesNotContain(services.Keys(), name => services[name].Has("network_mode") && services[name]["network_mode"].ToString() == "host");
    }

    [Fact]
    public void Every_service_comes_up_again_is_looked_at_and_can_gain_no_privilege()
    {
        var services = DeployFiles.Yaml("compose.yaml").Map("services");

        Assert.All(_services, name =>
        {
            var service = services.Map(name);
            Assert.Equal("unless-stopped", service["restart"].ToString());
            Assert.NotEmpty(service["healthcheck"].List("test"));
            Assert.Equal(["ALL"], service.List("cap_drop"));
            Assert.Equal(["no-new-privileges:true"], service.List("security_opt"));
            Assert.False(service.Has("privileged") || service.Has("user") || service.Has("cap_add"));
        });
    }

    [Fact]
    public void Secrets_are_files_and_no_variable_holds_one()
    {
        var compose = DeployFiles.Yaml("compose.yaml");
        var secrets = compose.Map("secrets");

        Assert.All(secrets.Keys(), name => Assert.Equal(["file"], secrets[name].Keys()));
        Assert.Equal(["database", "orchestrator"], _services.Where(name => compose["services"][name].List("secrets").Length > 0));
        Assert.All(_services.Where(name => compose["services"][name].Has("environment")), name =>
            Assert.DoesNotContain(compose["services"][name]["environment"].Keys(), variable => variable.Contains("PASSWORD", StringComparison.Ordinal) || variable.Contains("TOKEN", StringComparison.Ordinal) || variable.Contains("KEY", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_mounted_is_declared_or_lies_here()
    {
        var compose = DeployFiles.Yaml("compose.yaml");
        var volumes = compose.Map("volumes").Keys().ToHashSet(StringComparer.Ordinal);

        var mounts = _services.SelectMany(name => compose["services"][name].List("volumes")).Select(mount => mount.Split(':')[0]).ToList();

        Assert.All(mounts, from => Assert.True(from.StartsWith("./", StringComparison.Ordinal) ? Path.Exists(DeployFiles.PathOf(from)) : volumes.Contains(from), from));
        Assert.Empty(volumes.Except(mounts));
    }

    /// <summary>Names of users may be anybody's in another base; a number is what Kubernetes and volumes go by as well.</summary>
    [Theory]
    [InlineData("database")]
    [InlineData("orchestrator")]
    [InlineData("proxy")]
    public void An_image_is_of_a_base_that_may_be_chosen_and_nobodys_root(string image)
    {
        var lines = DeployFiles.Text($"images/{image}/Dockerfile").Split('\n');

        Assert.Contains("ARG BASE=debian:bookworm-slim", lines);
        Assert.Equal(["FROM ${BASE}"], lines.Where(line => line.StartsWith("FROM", StringComparison.Ordinal)));
        var user = Assert.Single(lines, line => line.StartsWith("USER ", StringComparison.Ordinal));
        Assert.Matches(UserPattern(), user);
        Assert.True(Array.IndexOf(lines, user) < Array.FindIndex(lines, line => line.StartsWith("ENTRYPOINT", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_configuration_that_comes_with_it_reads_without_a_note()
    {
        var configuration = ServerConfigurationReader.Read(DeployFiles.Text("config/orchestrator.yaml"), "orchestrator.yaml");

        Assert.Equal(1, configuration.Local.Cpus);
        Assert.Empty(configuration.Notes);
    }

    [GeneratedRegex("^USER [1-9][0-9]{3,}:[1-9][0-9]{3,}$")]
    private static partial Regex UserPattern();
}
