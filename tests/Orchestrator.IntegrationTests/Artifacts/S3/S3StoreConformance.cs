using Amazon.S3;
using Orchestrator.Engine.Artifacts.S3;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>The suite on a real S3 server, spoken to in one dialect.</summary>
public abstract class S3StoreConformance(CephServer server) : StoreConformance<S3Store>
{
    private S3Store? _store;

    protected override S3Store Store => _store!;

    protected abstract S3Dialect Dialect { get; }

    public override Task InitializeAsync()
    {
        _store = CephServer.Open(server.Settings(Dialect));
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _store?.Dispose();
    }

    [StoreFact]
    public async Task Objects_are_plain_for_any_other_tool()
    {
        await WriteAsync("deep/file.txt", "plain");
        await SendAsync(HttpMethod.Put, Store.SignPut(Prefix + "sent.txt", 5, DateTimeOffset.UtcNow.AddMinutes(1)), "plain");

        using var other = new AmazonS3Client(CephNode.KeyId, CephNode.Secret, new AmazonS3Config { ServiceURL = server.Node.Endpoint.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        foreach (var name in (string[])["deep/file.txt", "sent.txt"])
        {
            using var answer = await other.GetObjectAsync(CephServer.Bucket, Prefix + name);
            using var reader = new StreamReader(answer.ResponseStream);
            Assert.Equal("plain", await reader.ReadToEndAsync());
        }
    }

    [StoreFact]
    public async Task What_is_granted_ahead_takes_any_size_once()
    {
        foreach (var content in (string[])["some", "", new string('x', 100_000)])
        {
            var key = Prefix + $"ahead-{content.Length}";
            var url = Store.SignPutAhead(key, DateTimeOffset.UtcNow.AddHours(7))!;

            Assert.Equal(System.Net.HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, url, content)).StatusCode);
            Assert.Equal(System.Net.HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Put, url, "another")).StatusCode);
            Assert.Equal(content.Length, (await Store.HeadAsync(key, default))!.Size);
        }

        var forged = Store.SignPutAhead(Prefix + "mine", DateTimeOffset.UtcNow.AddHours(7))!;
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Put, forged with { Headers = forged.Headers.Clear() }, "unconditional")).StatusCode);
    }

    [StoreFact]
    public async Task Head_has_a_url_of_its_own()
    {
        await WriteAsync("a", "hello");

        using var response = await SendAsync(HttpMethod.Head, Store.SignHead(Prefix + "a", DateTimeOffset.UtcNow.AddMinutes(1)), null);

        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(5, response.Content.Headers.ContentLength);
    }
}
