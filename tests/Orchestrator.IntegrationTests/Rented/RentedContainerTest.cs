using System.Text.RegularExpressions;
using Orchestrator.Emulators;
using Orchestrator.IntegrationTests.Artifacts.S3;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>At a provider whose instances are containers of the job's image.</summary>
public abstract class RentedContainerTest(CephServer server, TestDocker docker) : RentedJobTest(server, docker)
{
    private readonly string _host = docker.Host;
    private DockerBackend? _backend;

    /// <summary>Makes the emulator and fills its market.</summary>
    protected abstract IEmulatedApi Open(IInstanceBackend backend);

    protected override Task<IEmulatedApi> OpenAsync() => Task.FromResult(Open(_backend = new DockerBackend(Provider, ["--host", _host], hasNetworks: false)));

    protected override async Task CloseAsync()
    {
        if (_backend is not null)
        {
            await _backend.DisposeAsync();
        }
    }

    protected override string ContainerOf(string instance) => $"emulated-{Provider}-{instance}";

    protected override Task<string[]> LeftAsync() => _backend!.LeftAsync();

    protected override string? TroubleOf(string instance) => _backend!.Trouble(instance);

    /// <summary>What its first process would end the instance for the lack of is there: it would else end a job that trains, hours after the test.</summary>
    protected override async Task CheckHostAsync(string instance)
    {
        var awaited = Regex.Match(await ExecuteAsync(instance, "cat", "/proc/1/cmdline"), "^lease=(.+)$", RegexOptions.Multiline).Groups[1].Value;
        Assert.StartsWith("/var/lib/orchestrator/", awaited, StringComparison.Ordinal);
        await ExecuteAsync(instance, "sh", "-c", $"test -e {awaited}");
    }
}
