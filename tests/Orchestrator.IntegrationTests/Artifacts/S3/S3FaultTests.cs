using System.Net;
using System.Net.Sockets;
using System.Text;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.S3;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>What can be wrong between us and a bucket: each with the words a person needs, and nothing lost.</summary>
[Collection(CephCollection.Name)]
public sealed class S3FaultTests(CephServer server)
{
    private readonly string _prefix = $"faults/{Guid.NewGuid():N}/";

    [CephFact]
    public async Task A_bucket_that_is_missing_is_never_taken_for_one_without_the_object()
    {
        using var store = CephServer.Open(server.Settings(bucket: "nobody-made-this"));
        Func<Task>[] calls =
        [
            () => store.HeadAsync("a", default),
            () => store.ReadAsync("a", 0, null, default),
            () => WriteAsync(store, "a"),
            async () => await store.ListAsync("", default).ToListAsync(),
            () => store.BeginMultipartAsync("a", onlyIfAbsent: true, default),
            () => store.AbortAllMultipartAsync("", default),
        ];
        foreach (var call in calls)
        {
            await RefusedAsync(call, StoreErrorKind.NoBucket, "no bucket \"nobody-made-this\"", "stores.test.bucket");
        }
    }

    [CephFact]
    public async Task A_wrong_secret_and_an_unknown_key_are_told_apart_and_neither_is_absence()
    {
        using var wrong = CephServer.Open(server.Settings(keys: server.KeyFile(secret: "not-the-secret")));
        using var unknown = CephServer.Open(server.Settings(keys: server.KeyFile(id: "nobodyskey")));

        await RefusedAsync(() => WriteAsync(wrong, "a"), StoreErrorKind.Denied, "secret of access key testaccesskey is wrong", "stores.test.credentials");
        await RefusedAsync(() => wrong.HeadAsync(_prefix + "a", default), StoreErrorKind.Denied, "secret of access key testaccesskey is wrong");
        await RefusedAsync(() => WriteAsync(unknown, "a"), StoreErrorKind.Denied, "does not know the access key nobodyskey");
        await RefusedAsync(() => unknown.HeadAsync(_prefix + "a", default), StoreErrorKind.Denied, "does not know the access key nobodyskey");
    }

    [CephFact]
    public async Task Keys_that_are_missing_or_open_to_others_are_said()
    {
        var open = server.KeyFile();
        File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        using var exposed = CephServer.Open(server.Settings(keys: open));
        using var missing = CephServer.Open(server.Settings(keys: open + ".nothing"));
        using var secret = CephServer.Open(server.Settings() with { Credentials = new S3CredentialSource.FromSecret("lab-keys") });

        await RefusedAsync(() => WriteAsync(exposed, "a"), StoreErrorKind.Denied, "chmod 600");
        await RefusedAsync(() => WriteAsync(missing, "a"), StoreErrorKind.Denied, open + ".nothing");
        await RefusedAsync(() => WriteAsync(secret, "a"), StoreErrorKind.Denied, "orchestrator secret set lab-keys");
        await RefusedAsync(() => Task.FromResult(missing.SignGet("a", DateTimeOffset.UtcNow.AddMinutes(1))), StoreErrorKind.Denied, open + ".nothing");
    }

    [CephFact]
    public async Task Rotated_keys_are_taken_up_without_a_failed_call()
    {
        const string nextId = "rotatedkey";
        const string nextSecret = "rotatedsecret0123456789";
        await server.Node.AdminAsync("key", "create", "--uid=test", "--key-type=s3", "--access-key=passingkey", "--secret-key=passingsecret0123456789");
        var file = server.KeyFile("passingkey", "passingsecret0123456789");
        using var store = CephServer.Open(server.Settings(keys: file));
        await WriteAsync(store, "before");
        var old = store.SignGet(_prefix + "before", DateTimeOffset.UtcNow.AddMinutes(5));

        await server.Node.AdminAsync("key", "create", "--uid=test", "--key-type=s3", $"--access-key={nextId}", $"--secret-key={nextSecret}");
        CephServer.WriteKeys(file, nextId, nextSecret);
        await WriteAsync(store, "between");
        await server.Node.AdminAsync("key", "rm", "--uid=test", "--key-type=s3", "--access-key=passingkey");
        await WriteAsync(store, "after");

        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(store.SignGet(_prefix + "before", DateTimeOffset.UtcNow.AddMinutes(5)).Url)).StatusCode);
        await Eventually.HoldsAsync(async () => (await http.GetAsync(old.Url)).StatusCode == HttpStatusCode.Forbidden, TimeSpan.FromSeconds(60), "the removed key still opens its old URLs");
        Assert.Equal(3, (await store.ListAsync(_prefix, default).ToListAsync()).Count);
        await server.Node.AdminAsync("key", "rm", "--uid=test", "--key-type=s3", $"--access-key={nextId}");
    }

    [CephFact]
    public async Task A_secret_that_is_stored_anew_is_read_again_when_the_old_one_is_refused()
    {
        var value = "nobodyskey:nothing";
        using var store = new S3Store(server.Settings() with { Credentials = new S3CredentialSource.FromSecret("lab") }, _ => Task.FromResult<string?>(value), TimeProvider.System);
        await RefusedAsync(() => WriteAsync(store, "a"), StoreErrorKind.Denied, "nobodyskey");

        value = $"{CephNode.KeyId}:{CephNode.Secret}";

        await WriteAsync(store, "a");
    }

    [CephFact]
    public async Task A_store_that_asks_for_fewer_requests_gets_them_again_and_is_named_when_it_goes_on()
    {
        await using var proxy = await FaultyProxy.StartAsync(server.Node.Endpoint);
        using var store = CephServer.Open(server.Settings(endpoint: proxy.Endpoint));
        proxy.Fault = _ => proxy.Answered < 2 ? (503, "SlowDown") : null;

        await WriteAsync(store, "slow");

        Assert.Equal(2, proxy.Answered);
        Assert.Equal(6, (await store.HeadAsync(_prefix + "slow", default))!.Size);
        proxy.Fault = _ => (503, "SlowDown");
        await RefusedAsync(() => WriteAsync(store, "never"), StoreErrorKind.SlowDown, "fewer requests (SlowDown)");
    }

    [CephFact]
    public async Task A_store_that_is_away_or_cuts_off_is_transient_and_comes_back()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();
        using var away = CephServer.Open(server.Settings(endpoint: new($"http://127.0.0.1:{port}")));
        await RefusedAsync(() => away.HeadAsync("a", default), StoreErrorKind.Transient, "cannot be reached", port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using var unknown = CephServer.Open(server.Settings(endpoint: new("http://no-such-host.invalid")));
        await RefusedAsync(() => unknown.HeadAsync("a", default), StoreErrorKind.Transient, "stores.test.endpoint");

        await using var proxy = await FaultyProxy.StartAsync(server.Node.Endpoint);
        using var store = CephServer.Open(server.Settings(endpoint: proxy.Endpoint));
        proxy.Cuts = true;
        await RefusedAsync(() => WriteAsync(store, "cut"), StoreErrorKind.Transient);
        proxy.Cuts = false;
        await WriteAsync(store, "cut");
    }

    [CephFact]
    public async Task A_wrong_clock_a_wrong_region_a_full_store_and_what_a_store_cannot_do_are_each_named()
    {
        await using var proxy = await FaultyProxy.StartAsync(server.Node.Endpoint);
        using var store = CephServer.Open(server.Settings(endpoint: proxy.Endpoint));

        proxy.Fault = _ => (403, "RequestTimeTooSkewed");
        await RefusedAsync(() => WriteAsync(store, "a"), StoreErrorKind.ClockSkew, "clock of this machine", "timedatectl");
        proxy.Fault = _ => (400, "AuthorizationHeaderMalformed");
        await RefusedAsync(() => WriteAsync(store, "a"), StoreErrorKind.Denied, "stores.test.region");
        proxy.Fault = _ => (403, "QuotaExceeded");
        await RefusedAsync(() => WriteAsync(store, "a"), StoreErrorKind.Full, "no space left");
        proxy.Fault = _ => (501, "NotImplemented");
        await RefusedAsync(() => WriteAsync(store, "a"), StoreErrorKind.Invalid, "stores.test.profile");
        proxy.Fault = _ => (403, "AccessDenied");
        await RefusedAsync(() => WriteAsync(store, "a"), StoreErrorKind.Denied, "may not do this in bucket");
    }

    [CephFact]
    public async Task The_probe_finds_a_store_in_order_and_leaves_nothing_behind()
    {
        using var store = CephServer.Open(server.Settings());

        var found = await new StoreProbe(TimeProvider.System).RunAsync(store, _prefix, default);

        Assert.Null(found.Problem);
        Assert.Equal(new StoreTraits(true, true), found.Traits);
        Assert.InRange(found.ClockAhead!.Value, TimeSpan.FromSeconds(-30), TimeSpan.FromSeconds(30));
        Assert.True(found.Latency > TimeSpan.Zero);
        Assert.Empty(await store.ListAsync(_prefix, default).ToListAsync());
    }

    [CephFact]
    public async Task The_probe_finds_out_that_conditions_are_not_honoured_and_the_store_goes_on_without()
    {
        await using var proxy = await FaultyProxy.StartAsync(server.Node.Endpoint);
        proxy.Fault = request => request.Headers.IfNoneMatch.Count > 0 ? (501, "NotImplemented") : null;
        using var store = CephServer.Open(server.Settings(endpoint: proxy.Endpoint));

        var found = await new StoreProbe(TimeProvider.System).RunAsync(store, _prefix, default);

        Assert.Null(found.Problem);
        Assert.Equal(new StoreTraits(false, false), found.Traits);
        store.Traits = found.Traits!;
        await WriteAsync(store, "once");
        await RefusedAsync(() => WriteAsync(store, "once"), StoreErrorKind.Exists, "written once");
        Assert.Empty(store.SignPut(_prefix + "x", 1, DateTimeOffset.UtcNow.AddMinutes(1)).Headers);
    }

    [CephFact]
    public async Task The_probe_says_what_is_wrong()
    {
        using var store = CephServer.Open(server.Settings(bucket: "nobody-made-this"));

        var found = await new StoreProbe(TimeProvider.System).RunAsync(store, _prefix, default);

        Assert.Contains("no bucket", found.Problem, StringComparison.Ordinal);
        Assert.Equal(StoreErrorKind.NoBucket, found.Kind);
    }

    private async Task WriteAsync(S3Store store, string name)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes("hello\n"));
        await store.WriteAsync(_prefix + name, content, 6, onlyIfAbsent: true, default);
    }

    private static async Task RefusedAsync(Func<Task> call, StoreErrorKind kind, params string[] words)
    {
        var refused = await Assert.ThrowsAsync<StoreException>(call);
        Assert.True(refused.Kind == kind, $"{refused.Kind}: {refused.Message}");
        Assert.All(words, word => Assert.Contains(word, refused.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(CephNode.Secret, refused.Message, StringComparison.Ordinal);
    }
}
