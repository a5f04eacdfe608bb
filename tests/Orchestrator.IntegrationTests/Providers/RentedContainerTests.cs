using System.Diagnostics;
using System.Security.Cryptography;
using Orchestrator.Attempts;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.Engine.Hosts;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;
using Orchestrator.Providers.VastAi;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>From an offer to a shell inside: the emulator's instances are containers, in which our script starts a real sshd.</summary>
public sealed class RentedContainerTests(TestDocker docker) : IClassFixture<TestDocker>, IDisposable
{
    internal const string Image = "orchestrator-test/sshd:1";

    // A small Debian with this machine's sshd and what that loads: nothing is fetched from anywhere.
    internal const string MakeImage =
        """
        cp -a "$1" "$2/root"
        for file in /usr/sbin/sshd $(ldd /usr/sbin/sshd | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p'); do
            mkdir -p "$2/root$(dirname "$file")" && cp -L "$file" "$2/root$file"
        done
        mkdir -p "$2/root/root" && echo root:x:0:0::/root:/bin/sh >"$2/root/etc/passwd"
        tar -C "$2/root" -c . | docker --host "$3" import - "$4"
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("orc-rented-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [DockerFact]
    public async Task What_is_rented_is_entered_with_its_pinned_key_and_leaves_nothing()
    {
        Run("sh", "-ec", MakeImage, "sh", TestDocker.Root!, _folder, docker.Host, Image);
        await using var backend = new DockerBackend("vast", ["--host", docker.Host], hasNetworks: false);
        var vast = new VastEmulator(TimeProvider.System, backend) { Switches = new VastSwitches { Provisioning = TimeSpan.Zero, Creating = TimeSpan.Zero, Loading = TimeSpan.Zero, Opening = TimeSpan.Zero } };
        vast.Offer(new VastMachine { Id = 7 });
        await using var server = await EmulatorServer.StartAsync(vast);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        var api = new ApiOptions { BaseAddress = server.Address };
        var keys = new ReachKeys(RandomNumberGenerator.GetBytes(32), _folder);
        using var provider = new VastProvider(new VastOptions { Api = api, SearchesPerLook = 40 }, new ApiClient(http, "vast", () => "key", api, new NoPacer()), keys, TimeProvider.System);

        var offer = (await provider.ListOffersAsync(default)).First(one => one.Capacity == CapacityType.OnDemand);
        var id = await provider.CreateAsync(new LaunchRequest { Label = "orc-e1-1-1", JobName = "test", Offer = OfferTaken.Of(offer, null), Image = new ImageToRun(Image) }, default);
        var endpoint = await ReachedAsync(provider, id, backend);

        var known = Path.Combine(_folder, "known");
        string[] ssh = ["-p", $"{endpoint.Machine.Port}", "-i", endpoint.Machine.KeyFile!, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=accept-new", "-o", "UserKnownHostsFile=" + known, "-o", "LogLevel=ERROR"];
        await Eventually.TrueAsync(() => Run("ssh", [.. ssh, "root@127.0.0.1", "cat /etc/orchestrator-sshd/login"]).Trim() == keys.LoginKey, "a shell inside");
        Assert.Contains(endpoint.Machine.HostKey!, Run("ssh-keygen", "-lf", known), StringComparison.Ordinal);

        // What went in and out over its port: the image is of no registry.
        var moved = backend.Moved(id);
        Assert.True(moved is { Received: > 1000 and < 100_000, Sent: > 1000 and < 100_000 }, moved.ToString());

        await provider.DestroyAsync(id, default);
        Assert.Empty(await provider.ListInstancesAsync(default));
        await Eventually.HoldsAsync(async () => (await backend.LeftAsync()).Length == 0, TimeSpan.FromMinutes(2), "a container is left");
    }

    internal static async Task<SshEndpoint> ReachedAsync(IProvider provider, string id, DockerBackend backend)
    {
        SshEndpoint? endpoint = null;
        await Eventually.HoldsAsync(async () => (endpoint = await TryAsync()) is not null, TimeSpan.FromMinutes(3), "no port: " + backend.Trouble(id));
        return endpoint!;

        async Task<SshEndpoint?> TryAsync()
        {
            try
            {
                return (SshEndpoint)await provider.GetEndpointAsync(id, default);
            }
            catch (ProviderException early) when (early.Kind == ProviderErrorKind.Transient)
            {
                Assert.Null(backend.Trouble(id));
                return null;
            }
        }
    }

    internal static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
