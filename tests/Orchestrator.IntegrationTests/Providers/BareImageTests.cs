using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>
/// The script that starts a rented container, in images that bring no sshd: it is installed from the image's own archive, over the network.
/// That of the archive is waited for: the script itself tries again, as long as it must.
/// </summary>
public sealed class BareImageTests(TestDocker docker) : IClassFixture<TestDocker>, IDisposable
{
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("orc-bare-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [BareImageFact("bare-debian")]
    public Task Debian_gets_an_sshd_with_our_keys_alone() => GetsAnSshdAsync("bare-debian");

    [BareImageFact("bare-ubuntu")]
    public Task Ubuntu_gets_an_sshd_with_our_keys_alone() => GetsAnSshdAsync("bare-ubuntu");

    private async Task GetsAnSshdAsync(string kind)
    {
        var image = $"orchestrator-test/{kind}:1";
        await docker.RunAsync("import", BareImageFactAttribute.Archive(kind) ?? throw new InvalidOperationException(BareImageFactAttribute.Missing(kind)), image);
        var sshd = new StartedSshd(_folder);
        // No key of the instance is there, so nobody asks the address.
        await docker.RunAsync(["run", "--detach", "--network", "host", "--name", kind, image, "/bin/sh", .. sshd.Arguments(new Uri("http://127.0.0.1:9/ID/"))]);
        try
        {
            await Eventually.TrueAsync(sshd.Listens, "sshd listens", _long);

            sshd.CheckKeys();
        }
        catch (Exception failed)
        {
            throw new InvalidOperationException($"the container says: {await docker.RunAsync("exec", kind, "sh", "-c", "tail -n 20 /etc/orchestrator-sshd/*.log")}", failed);
        }

        // Started anew, as a provider does it: each step finds itself done.
        await docker.RunAsync("restart", "--time", "0", kind);
        await Eventually.TrueAsync(sshd.Listens, "sshd listens again", _long);
        sshd.CheckKeys();
    }
}
