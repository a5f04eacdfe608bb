using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Hosts;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Json;
using Orchestrator.Protocol;
using Xunit;
using Xunit.Abstractions;

namespace Orchestrator.IntegrationTests.Agent.Portable;

/// <summary>The agent in systems of three ages that have neither libssl nor certificates, with a store behind TLS whose authority is private.</summary>
public sealed class MinimalRootTests(ITestOutputHelper output)
{
    private const long MostMemory = 64L << 20;

    [PortableTheory]
    [InlineData(MinimalRoot.Bullseye, "2.31")]
    [InlineData(MinimalRoot.Bookworm, "2.36")]
    [InlineData(MinimalRoot.Trixie, "2.41")]
    public async Task A_checkpoint_goes_to_a_store_behind_tls_and_comes_back(string suite, string glibc)
    {
        using var authority = new TestAuthority("Private CA");
        await using var store = await TlsStore.StartAsync(authority.Issue());
        using var first = new MinimalRoot(suite);
        using var second = new MinimalRoot(suite);
        Assert.Contains($"glibc {glibc},", first.Execute(HostPreflight.Script, "sh", "-s", "--", "/instance", "2.29", "1").Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(first.Folder, "libssl*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }));

        string hash;
        CheckpointStored stored;
        using (var instance = new AgentInstance(first))
        using (var channel = new AgentChannel(instance, store.AnswerAsync, trust: OthersAnd(authority)))
        {
            // More than one part, so that several TLS connections are open at a time.
            channel.Command("1", new StartTrainer { Order = Order(instance, "d=$ORCHESTRATOR_CHECKPOINT_DIR; mkdir -p $d/.n; dd if=/dev/urandom of=$d/.n/w bs=1048576 count=70 2>/dev/null; mv $d/.n $d/step-1; sleep 600") });
            stored = await channel.WaitForAsync<CheckpointStored>(seconds: 180);
            hash = AgentDrills.Hash(await File.ReadAllBytesAsync(instance.Place("/ckpt/step-1/w")));
            Measure(suite, instance);
        }

        await using (var stream = await store.Store.ReadAsync(stored.ManifestKey, 0, null, default))
        {
            var manifest = await JsonSerializer.DeserializeAsync(stream, CoreJson.Default.CheckpointManifest);
            Assert.Equal(hash, Assert.Single(manifest!.Files).Hash);
        }

        using var next = new AgentInstance(second);
        using var attach = new AgentChannel(next, store.AnswerAsync, trust: authority.Pem);
        attach.Command("1", new StageFiles { RestoreManifestKey = stored.ManifestKey, Order = Order(next, "") });
        await attach.WaitForAsync<FilesStaged>(seconds: 180);
        Assert.Equal(hash, AgentDrills.Hash(await File.ReadAllBytesAsync(next.Place("/ckpt/step-1/w"))));
    }

    [PortableFact]
    public async Task A_store_that_nobody_vouches_for_is_named_and_nothing_is_lost_until_its_authority_is_known()
    {
        using var authority = new TestAuthority("Private CA");
        using var stranger = new TestAuthority("Somebody else");
        await using var store = await TlsStore.StartAsync(authority.Issue());
        using var system = new MinimalRoot(MinimalRoot.Bullseye);
        using var instance = new AgentInstance(system);
        using (var channel = new AgentChannel(instance, store.AnswerAsync, trust: stranger.Pem))
        {
            Assert.Null((await channel.Greeting).TrustHash);
            channel.Command("1", new StartTrainer { Order = Order(instance, "d=$ORCHESTRATOR_CHECKPOINT_DIR; mkdir -p $d/.n; echo weights > $d/.n/w; mv $d/.n $d/step-1; sleep 600") });
            var problem = await channel.WaitForAsync<HostProblem>(seconds: 120);
            Assert.Contains("the certificate of 127.0.0.1 is not trusted: its authority \"CN=Private CA\" is not among the 1 authorities", problem.Words, StringComparison.Ordinal);
            Assert.DoesNotContain(channel.Events, one => one is CheckpointStored or TrainerEnded);
        }

        using var better = new AgentChannel(instance, store.AnswerAsync, epoch: 2, trust: authority.Pem);
        Assert.NotNull((await better.Greeting).TrustHash);
        var stored = await better.WaitForAsync<CheckpointStored>(seconds: 120);
        Assert.NotNull(await store.Store.HeadAsync(stored.ManifestKey, default));
    }

    [PortableTheory]
    [InlineData("other name", "is not trusted: it is made out to another name, \"CN=store\"")]
    [InlineData("expired", "is not valid at ")]
    [InlineData("no authorities", "is not among this image's own authorities")]
    [InlineData("no certificates in the list", "is not among the 0 authorities")]
    public async Task Each_way_a_certificate_can_be_wrong_has_its_own_words(string wrong, string words)
    {
        using var authority = new TestAuthority("Private CA");
        var certificate = wrong switch
        {
            "other name" => authority.Issue(otherName: "store.example"),
            "expired" => authority.Issue(until: DateTimeOffset.UtcNow.AddHours(-1)),
            _ => authority.Issue(),
        };
        await using var store = await TlsStore.StartAsync(certificate);
        using var system = new MinimalRoot(MinimalRoot.Trixie);
        using var instance = new AgentInstance(system);
        using var channel = new AgentChannel(
            instance, store.AnswerAsync, trust: wrong switch { "no authorities" => null, "no certificates in the list" => "# none\n", _ => authority.Pem });
        channel.Command("1", new StageFiles { RestoreManifestKey = "jobs/test-01J/e1/a0001/m", Order = Order(instance, "") });

        Assert.Contains(words, (await channel.WaitForAsync<HostProblem>(seconds: 120)).Words, StringComparison.Ordinal);
    }

    [PortableFact]
    public async Task The_openssl_settings_of_a_newer_system_do_not_disturb_the_one_inside()
    {
        using var authority = new TestAuthority("Private CA");
        await using var store = await TlsStore.StartAsync(authority.Issue());
        using var system = new MinimalRoot(MinimalRoot.Bookworm);
        // As Debian 12 installs it for OpenSSL 3, which the agent's OpenSSL 1.1.1 reads from the same place.
        Directory.CreateDirectory(Path.Combine(system.Folder, "usr/lib/ssl"));
        await File.WriteAllTextAsync(
            Path.Combine(system.Folder, "usr/lib/ssl/openssl.cnf"),
            "openssl_conf = openssl_init\n[openssl_init]\nproviders = provider_sect\nssl_conf = ssl_sect\n[provider_sect]\ndefault = default_sect\n[default_sect]\nactivate = 1\n[ssl_sect]\nsystem_default = system_default_sect\n[system_default_sect]\nMinProtocol = TLSv1.2\nCipherString = DEFAULT@SECLEVEL=2\n");
        using var instance = new AgentInstance(system);
        using var channel = new AgentChannel(instance, store.AnswerAsync, trust: authority.Pem);
        channel.Command("1", new StartTrainer { Order = Order(instance, "d=$ORCHESTRATOR_CHECKPOINT_DIR; mkdir -p $d/.n; echo weights > $d/.n/w; mv $d/.n $d/step-1; sleep 600") });

        await channel.WaitForAsync<CheckpointStored>(seconds: 120);
    }

    /// <summary>As a real machine's list: the private authority among all the usual ones.</summary>
    private static string OthersAnd(TestAuthority authority) => (TrustBundle.Read([])?.Pem ?? "") + authority.Pem;

    private static TrainerOrder Order(AgentInstance instance, string script) => instance.Order(script) with { Command = ["sh", "-euc", script] };

    private void Measure(string suite, AgentInstance instance)
    {
        var peak = File.ReadLines($"/proc/{instance.Pid("agent.json").ToString(CultureInfo.InvariantCulture)}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        var kilobytes = long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        var began = Stopwatch.GetTimestamp();
        Assert.Equal(0, AgentInstance.Execute("version").Code);
        output.WriteLine($"{suite}: peak {kilobytes / 1024.0:0.0} MB after 70 MB over TLS, start {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms, file {new FileInfo(AgentBinary.Path).Length} bytes");
        Assert.InRange(kilobytes * 1024, 1, MostMemory);
    }
}
