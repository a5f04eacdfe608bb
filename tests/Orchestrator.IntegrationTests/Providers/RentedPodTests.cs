using System.Security.Cryptography;
using Orchestrator.Attempts;
using Orchestrator.Emulators;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Engine.Hosts;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;
using Orchestrator.Providers.RunPod;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>The same at RunPod: its pods are containers, in which our script starts a real sshd.</summary>
public sealed class RentedPodTests(TestDocker docker) : IClassFixture<TestDocker>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-pod-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [DockerFact]
    public async Task A_pod_is_entered_with_its_pinned_key_and_leaves_nothing()
    {
        RentedContainerTests.Run("sh", "-ec", RentedContainerTests.MakeImage, "sh", TestDocker.Root!, _folder, docker.Host, RentedContainerTests.Image);
        await using var backend = new DockerBackend("runpod", ["--host", docker.Host], hasNetworks: false);
        var runPod = new RunPodEmulator(TimeProvider.System, backend) { Switches = new RunPodSwitches { Provisioning = TimeSpan.Zero, Pulling = TimeSpan.Zero, Opening = TimeSpan.Zero } };
        runPod.Add(new RunPodCardEntry());
        runPod.Add(new RunPodHost { Id = 7 });
        await using var server = await EmulatorServer.StartAsync(runPod);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        var api = new ApiOptions { BaseAddress = server.Address };
        var keys = new ReachKeys(RandomNumberGenerator.GetBytes(32), _folder);
        using var provider = new RunPodProvider(new RunPodOptions { Api = api }, new ApiClient(http, "runpod", () => "key", api, new NoPacer()), keys, TimeProvider.System);

        var offer = Assert.Single(await provider.ListOffersAsync(default));
        var id = await provider.CreateAsync(new LaunchRequest { Label = "orc-e1-1-1", JobName = "test", Offer = OfferTaken.Of(offer, null), Image = new ImageToRun(RentedContainerTests.Image) }, default);
        var endpoint = await RentedContainerTests.ReachedAsync(provider, id, backend);
        Assert.Equal(InstanceStatus.Running, Assert.Single(await provider.ListInstancesAsync(default)).Status);

        var known = Path.Combine(_folder, "known");
        string[] ssh = ["-p", $"{endpoint.Machine.Port}", "-i", endpoint.Machine.KeyFile!, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=accept-new", "-o", "UserKnownHostsFile=" + known, "-o", "LogLevel=ERROR"];
        await Eventually.TrueAsync(() => RentedContainerTests.Run("ssh", [.. ssh, "root@127.0.0.1", "cat /etc/orchestrator-sshd/login"]).Trim() == keys.LoginKey, "a shell inside");
        Assert.Contains(endpoint.Machine.HostKey!, RentedContainerTests.Run("ssh-keygen", "-lf", known), StringComparison.Ordinal);
        // The narrow key that the pod gets, for the host's own end and for nobody who reads the environment.
        Assert.Equal($"rpa_pod_{id}", RentedContainerTests.Run("ssh", [.. ssh, "root@127.0.0.1", "cat /etc/orchestrator-sshd/key"]).Trim());
        Assert.DoesNotContain("RUNPOD_API_KEY", RentedContainerTests.Run("ssh", [.. ssh, "root@127.0.0.1", "cat /etc/orchestrator-sshd/environment"]), StringComparison.Ordinal);

        await provider.DestroyAsync(id, default);
        Assert.Empty(await provider.ListInstancesAsync(default));
        await Eventually.HoldsAsync(async () => (await backend.LeftAsync()).Length == 0, TimeSpan.FromMinutes(2), "a container is left");
    }
}
